// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-read in memcpy called by main, of a 64-byte block from malloc in main.
#include "wipe.h"

int main(void)
{
    char *block = malloc(64);
    static char target[128];
    memset(block, 1, 64);
    memcpy(target, block, 100);
    say("after");
    free(block);
    return 0;
}
