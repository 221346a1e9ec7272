# SPDX-License-Identifier: MIT
# A signal to mmguard while the program runs ends it, and what there is by then is where -o wants it, and can be read.
cat >waits.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static void *volatile kept;
static __attribute__((noinline)) void lose(void) { kept = malloc(123); kept = NULL; }
static __attribute__((noinline)) void wipe(void) { volatile char dirt[8192]; for (int i = 0; i < 8192; i++) dirt[i] = 0; }
int main(int count, char **arguments)
{
    lose();
    wipe();
    if (count > 1) {
        FILE *ready = fopen(arguments[1], "w");
        fclose(ready);
        for (;;)
            pause();
    }
    return 0;
}
END
$CC -O0 -g -w -o waits waits.c || exit 77
mkfifo ready
for signal in INT TERM HUP; do
    # A shell has its jobs ignore SIGINT.
    env --default-signal=INT mmguard -q -o traces sh -c './waits; exec ./waits ready' >/dev/null 2>&1 &
    launcher=$!
    read -r _ <ready
    kill -$signal $launcher
    { wait $launcher; } 2>/dev/null
    echo "$signal: status $?"
    ls -A traces | grep -v 'mmg$'
    mmreport summary --color=never traces | grep -E '^waits|^   definitely' | sed -E 's/pid [0-9]+/pid PID/' | sort
    rm -r traces
done
