// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-read of 4 bytes in main, 0 bytes past the end of a 32-byte block from malloc in main.
#include "wipe.h"

int main(void)
{
    int *block = malloc(32);
    memset(block, 1, 32);
    volatile int value = block[8];
    say("after");
    free(block);
    return 0;
}
