# SPDX-License-Identifier: MIT
# Source files are files of the repository where clang was told to write no folder of the build down.
command -v clang >/dev/null || { echo "no clang"; exit 77; }
mkdir -p real/.git real/src real/include real/build
cat >real/include/lose.h <<'END'
#include <stdlib.h>
static void *volatile kept;
static inline __attribute__((always_inline)) void lose(int size) { kept = malloc(size); kept = NULL; }
END
cat >real/src/main.c <<'END'
#include "lose.h"
__attribute__((noinline)) static void own(void) { kept = malloc(20); kept = NULL; }
int main(void)
{
    volatile char wipe[4096];
    lose(10);
    own();
    for (int i = 0; i < 4096; i++)
        wipe[i] = 0;
    return wipe[5];
}
END
R=$(cd real && pwd -P)
show() { # TITLE PROGRAM
    rm -rf traces && mkdir traces
    mmguard -q -o traces "$2" >/dev/null 2>&1
    for format in sarif github gitlab; do
        mmreport export --format=$format --root="$R" -o out traces
        echo "$1, $format:" $(grep -oE '(file=|"path": ?"|"uri": ?")[^",]*' out | sed -E 's/.*[="]//' | sort -u)
    done
}
for version in 4 5; do
    flags="-g -gdwarf-$version -O1 -w -ffile-compilation-dir=."
    # shellcheck disable=SC2086
    (cd real && clang $flags -Iinclude -o build/above src/main.c) || exit 77
    show "DWARF $version, above" real/build/above
    # shellcheck disable=SC2086
    (cd real/build && clang $flags -I../include -o beside ../src/main.c)
    show "DWARF $version, beside" real/build/beside
done
