# SPDX-License-Identifier: MIT
# The helper is the one that was found at the start, wherever the program has gone since.
cat >moves.c <<'END'
#include <stdlib.h>
#include <unistd.h>
int main(void)
{
    volatile char *block = malloc(16);
    if (chdir("elsewhere"))
        return 1;
    block[16] = 1;
    return 0;
}
END
$CC -g -w -o moves moves.c
mkdir -p bin elsewhere/bin
cp "$BUILD/libguard.so" bin
cp -L "$BUILD/mmreport" bin
printf '#!/bin/sh\necho planted\n' >elsewhere/bin/mmreport
chmod +x elsewhere/bin/mmreport
export MMGUARD_OPTIONS=leak_check=0
LD_PRELOAD=bin/libguard.so ./moves 2>&1 | grep -E 'planted|main at'
LD_PRELOAD=$BUILD/libguard.so MMGUARD_OPTIONS=leak_check=0:symbolizer=bin/mmreport ./moves 2>&1 | grep -E 'planted|main at'
cd bin
cp ../moves . && mkdir elsewhere && cp ../elsewhere/bin/mmreport elsewhere
LD_PRELOAD=./libguard.so ./moves 2>&1 | grep -E 'planted|main at'
