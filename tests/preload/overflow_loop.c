// SPDX-License-Identifier: MIT
// Reported once: heap-buffer-overflow-write of 1 byte in main, 0 bytes past the end of a 16-byte block: the same block is not
// reported again for the same guard page.
#include "wipe.h"

int main(void)
{
    volatile char *block = malloc(16);
    for (int i = 16; i < 100; i++)
        block[i] = 1;
    say("after");
    free((void *)block);
    return 0;
}
