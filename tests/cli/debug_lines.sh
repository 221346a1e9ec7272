# SPDX-License-Identifier: MIT
# Option debug says what libguard does, area by area, where reports go.
cat >steps.c <<'C'
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void handler(int signal)
{
    _exit(signal == SIGSEGV ? 3 : 4);
}

int main(void)
{
    signal(SIGSEGV, handler);
    free(malloc(10));
    if (fork() == 0)
        raise(SIGSEGV);
    wait(NULL);
    return 0;
}
C
$CC -O0 -g -w -o steps steps.c || exit 77
lines() { # AREAS
    rm -f lines
    MMGUARD_OPTIONS=debug=$1:log=lines LD_PRELOAD=$BUILD/libguard.so ./steps
    sed -E 's/pid [0-9]+/pid N/; s/(at|bytes|parent|pages|spent|reachable)=[0-9a-fx]+/\1=N/g' lines
}
echo "-- signals"
lines signals
echo "-- process and leak"
lines process,leak | sort
echo "-- heap"
lines heap | sort -u
echo "-- none"
rm lines
MMGUARD_OPTIONS=log=lines LD_PRELOAD=$BUILD/libguard.so ./steps
[ -e lines ] || echo "no line"
