# SPDX-License-Identifier: MIT
# gdb stops at each error, after its report, in the program's frame: at the instruction of a wrong access, and in the function that makes
# a wrong call. `up` and `finish` go from there, and the program goes on to its own end.
command -v gdb >/dev/null || { echo "no gdb" >&2; exit 77; }
gdb -q -batch -ex run /bin/true 2>&1 | grep -q "exited normally" || { echo "gdb cannot run programs here" >&2; exit 77; }
gdb -q -nx -batch -ex 'python print(1)' 2>&1 | grep -qx 1 || { echo "gdb has no Python" >&2; exit 77; }
debug() { # PROGRAM COMMAND...
    local program=$1
    shift
    # gdb does not always show the frame where it stops before it takes the next command.
    # Reports go to a file: on one pipe their lines and those of gdb can end up within each other.
    rm -f report
    printf '%s\n' 'set width 0' 'set confirm off' "$@" 'kill' |
        mmguard --log=report --gdb "$program" 2>&1 | sed -nE '
            s/^(\(gdb\) )*//
            /^Program received|^Run till exit|exited with code/ { s/^(Run till exit).*/\1/; s/\[Inferior.*exited/exited/; p }
            s/^(#[0-9]+ +)?(0x[0-9a-f]+ in )?([a-z_]+) \(.*\) at ([^ ]*\/)?([^ \/]+)$/frame \3 at \5/p' | uniq
    grep '^mmguard: ' report | sed 's/, thread.*//'
}
echo "-- a wrong access"
debug "$SAMPLES/use_after_free" frame up continue
echo "-- a wrong call"
debug "$SAMPLES/double_free" frame up down finish continue
echo "-- a checked call"
cat >copy.c <<'EOF'
#include <stdlib.h>
#include <string.h>
int main(int count, char **arguments)
{
    char *name = malloc(4);
    strcpy(name, arguments[count - 1]);
    free(name);
    return 0;
}
EOF
$CC -O0 -g -fno-builtin -o copy copy.c && debug ./copy frame
