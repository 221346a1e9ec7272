# SPDX-License-Identifier: MIT
# A folder that is read-only or belongs to somebody else, or a link in the way of the file, at the start and at the end: said once, the
# program unharmed, nothing of others touched; and whoever looks for a report finds that there is none.
cat >many.c <<'END'
#include <stdio.h>
#include <stdlib.h>
static void *volatile last;
int main(void)
{
    for (int i = 0; i < 3000; i++)
        last = malloc(10);
    last = NULL;
    puts("done");
    return 0;
}
END
gcc -w -O0 -g -o many many.c || exit 1
chmod 755 .
export LIBRARY=${SAMPLES%/tests/*}/libguard.so
export PROGRAM="env LD_PRELOAD=$LIBRARY ./many"
outcome() { # STATUS
    echo "status $1"
    grep -E 'done|^libguard:|definitely' said | sort
    mmreport gate folder >/dev/null 2>&1
    echo "gate: status $?"
}
for options in record=1 record=0; do
    export MMGUARD_OPTIONS=$options:dir=folder
    mkdir folder
    echo "== read-only, $options"
    unshare -rm bash -c 'mount -t tmpfs none folder && mount -o remount,ro none folder && $PROGRAM' >said 2>&1
    status=$?
    grep -q unshare said && echo "no user namespaces here" >&2 && exit 77
    outcome $status
    echo "== another's, $options"
    if [ "$(id -u)" = 0 ]; then
        chmod 700 folder
        setpriv --reuid 65534 --regid 65534 --clear-groups test -r "$LIBRARY" -a -x many || exit 77
        setpriv --reuid 65534 --regid 65534 --clear-groups $PROGRAM >said 2>&1
    else
        chmod 500 folder
        $PROGRAM >said 2>&1
    fi
    outcome $?
    chmod 700 folder
    echo "== links, $options"
    echo untouched >victim
    sh -c 'for name in many-$$ many-$$-live many-$$-2; do ln -s ../victim folder/mmguard-$name.mmg; done; exec $PROGRAM' >said 2>&1
    outcome $?
    cat victim
    ls folder | sed -E 's/-[0-9]+/-PID/' | sort
    rm -r folder victim
done
