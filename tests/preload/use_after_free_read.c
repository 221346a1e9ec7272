// SPDX-License-Identifier: MIT
// Reported: use-after-free-read of 4 bytes in main at offset 8 of a 32-byte block from malloc in main, freed in release.
#include "wipe.h"

static void release(void *block)
{
    free(block);
}

int main(void)
{
    int *block = malloc(32);
    release(block);
    volatile int value = ((volatile int *)block)[2];
    say("after");
    return 0;
}
