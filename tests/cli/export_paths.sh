# SPDX-License-Identifier: MIT
# Source files are files of the repository however the compiler was told to name them, and whatever leads to the checkout.
mkdir -p real/.git real/src real/include real/build
ln -s real link
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
(cd real/build && $CC -g -O1 -w -I../include -o whole "$R/src/main.c" -I"$R/include")
show whole real/build/whole
(cd real/build && $CC -g -O1 -w -ffile-prefix-map="$R"=. -I"$R/include" -o mapped "$R/src/main.c")
show mapped real/build/mapped
(cd real/build && $CC -g -O1 -w -fdebug-prefix-map="$R/build"=. -I../include -o relative ../src/main.c)
show relative real/build/relative
(cd real && $CC -g -O1 -w -fdebug-prefix-map="$R"=/proc/self/cwd -Iinclude -o build/bazel src/main.c)
show bazel real/build/bazel
(cd link/build && $CC -g -O1 -w -I"$PWD/../include" -o linked "$(cd -L .. && pwd -L)/src/main.c")
show link link/build/linked
# A file that is there, but not in the repository, is not one of it that ends alike.
mkdir -p other/src other/include && cp real/src/main.c other/src && cp real/include/lose.h other/include
$CC -g -O1 -w -I"$PWD/other/include" -o other/prog "$PWD/other/src/main.c"
show other other/prog | sed "s#file://$PWD#file://PWD#g"
