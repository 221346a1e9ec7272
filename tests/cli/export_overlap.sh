# SPDX-License-Identifier: MIT
# A copy between overlapping ranges is of the kind Overlap for Valgrind's readers, and in Valgrind's lists.
cat >overlap.c <<'END'
#include <stdlib.h>
#include <string.h>
int main(int argc, char **argv)
{
    char *block = calloc(1, 64);
    memcpy(block + argc, block, 32);
    free(block);
    return 0;
}
END
$CC -O0 -fno-builtin -g -w -o overlap overlap.c
mmguard -q --report=none -o . ./overlap >/dev/null 2>&1
mmreport export --format=valgrind-xml mmguard-*.mmg | grep -E '<(kind|what)>'
printf '{\n a\n Memcheck:Overlap\n fun:memcpy\n fun:main\n}\n' >list.supp
mmreport gate --suppressions=list.supp mmguard-*.mmg | tail -n 1
mmreport help nope
echo "status $?"
mmreport help snapshot | head -n 1
