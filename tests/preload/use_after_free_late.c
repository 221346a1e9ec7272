// SPDX-License-Identifier: MIT
// Reported: use-after-free-read of 8 bytes in main at offset 0 of a 48-byte block: 20,000 blocks of the same size later, its
// address has not been used again.
#include "wipe.h"

int main(void)
{
    long *block = malloc(48);
    free(block);
    for (int i = 0; i < 20000; i++)
        free(malloc(48));
    volatile long value = *(volatile long *)block;
    say("after");
    return 0;
}
