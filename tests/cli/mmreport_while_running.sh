# SPDX-License-Identifier: MIT
# While a program runs, its live file is shown by the folder that the traces are to come to, and a snapshot of it stays where mmreport said, with -o
# and without.
cat >wait.c <<'EOF'
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
void *volatile kept, *volatile lost;
__attribute__((noinline)) void lose(void) { lost = malloc(77); lost = NULL; }
__attribute__((noinline)) void wipe(void) { volatile char dirt[8192]; for (int i = 0; i < 8192; i++) dirt[i] = 0; }
int main(void)
{
    char command;
    kept = malloc(1234);
    lose();
    wipe();
    dprintf(1, "%d\n", getpid());
    return read(0, &command, 1) != 1;
}
EOF
$CC -O0 -g -w -o wait wait.c || exit 1
export TMPDIR=$PWD/tmp
mkdir tmp
run() { # OPTION...
    rm -f in out
    mkfifo in out
    mmguard -q --error-exitcode=0 "$@" ./wait <in >out 2>err &
    launcher=$!
    exec 3>in 4<out
    read -r pid <&4
}
finish() {
    printf x >&3
    wait $launcher
    echo "status $?"
    exec 3>&- 4<&-
    mmreport summary "$snapshot" | grep -E 'pid|lost: [1-9]|reachable: [1-9]'
}
run --record -o traces
mmreport tree --kind=all traces 2>/dev/null | grep -o 'likely origin: [0-9.]* %'
echo "status ${PIPESTATUS[0]}"
snapshot=$(mmreport snapshot "$pid")
again=$(mmreport snapshot "$pid")
finish
[[ -e $again ]] && ls -A traces | sed -E "s,-[0-9]+-snapshot,-N-snapshot,"
run
snapshot=$(mmreport snapshot "$pid")
finish
ls -A tmp | sed -E "s,-[0-9]+-snapshot,-N-snapshot,"
