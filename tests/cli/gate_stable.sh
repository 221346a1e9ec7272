# SPDX-License-Identifier: MIT
# Lines that move change no fingerprint; a new name of the function that leaks changes one.
cat >leaks.c <<'END'
#include <stdlib.h>
#include <string.h>
__attribute__((noinline)) char *keep(const char *text) { char *copy = malloc(strlen(text) + 1); return strcpy(copy, text); }
__attribute__((noinline)) void first(void) { keep("first"); }
__attribute__((noinline)) void second(void) { keep("second"); }
int main(void) { first(); second(); memset(alloca(256), 0, 256); return 0; }
END
build() { # SOURCE
    $CC -g -O0 -w -o leaks "$1" && mmguard -q -o . --error-exitcode=0 ./leaks && mv mmguard-leaks-*.mmg leaks.mmg
}
mkdir src moved renamed
cp leaks.c src && build src/leaks.c && mmreport baseline -o known.txt leaks.mmg
cut -d ' ' -f 2- known.txt
{ yes '// moved' | head -n 40; sed 's/__attribute__/\n\n&/' leaks.c; } >src/leaks.c
build src/leaks.c && mmreport gate --baseline=known.txt leaks.mmg
sed 's/second/third/g' leaks.c >src/leaks.c
build src/leaks.c && mmreport gate --baseline=known.txt leaks.mmg | sed -E 's/[0-9a-f]{16}/FINGERPRINT/'
