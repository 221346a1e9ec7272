# SPDX-License-Identifier: MIT
# The disk is full, has no place for the file, or files may not grow: it is said once, and the program is unharmed.
cat >many.c <<'END'
#include <stdio.h>
#include <stdlib.h>
static void *blocks[30000];
int main(void)
{
    for (int i = 0; i < 30000; i++)
        blocks[i] = malloc(10);
    for (int i = 0; i < 30000; i++)
        free(blocks[i]);
    puts("done");
    return 0;
}
END
gcc -w -O0 -g -o many many.c || exit 1
mkdir small
export LIBRARY=${SAMPLES%/tests/*}/libguard.so
unshare -rm bash -c 'mount -t tmpfs -o size=200k none small && MMGUARD_OPTIONS=record=1:dir=small LD_PRELOAD=$LIBRARY ./many && ls small' 2>said || {
    grep -q unshare said && echo "no user namespaces here" >&2 && exit 77
}
cat said
touch file
for folder in missing file; do
    MMGUARD_OPTIONS=record=1:dir=$folder LD_PRELOAD=$LIBRARY ./many 2>&1
done
(ulimit -f 100 && MMGUARD_OPTIONS=record=1 LD_PRELOAD=$LIBRARY ./many 2>&1)
(ulimit -f 0 && MMGUARD_OPTIONS=keep=1 LD_PRELOAD=$LIBRARY ./many 2>&1) | cat
ls
