# SPDX-License-Identifier: MIT
# The buffer of stdout has been freed when main returns: what is in it is written out, and that is an error.
cat >program.c <<'END'
#include <stdio.h>
#include <stdlib.h>
int main(void)
{
    char *buffer = malloc(4096);
    setvbuf(stdout, buffer, _IOFBF, 4096);
    puts("the last line");
    free(buffer);
    return 0;
}
END
$CC -g -O0 -fno-builtin -w -o program program.c || exit 1
LD_PRELOAD=$BUILD/libguard.so ./program 2>errors
echo "status $?"
grep -o '^mmguard: use-after-free-read\|[0-9]*-byte read by exit\|main at program.c:[0-9]*' errors
rm -f mmguard-*.mmg
