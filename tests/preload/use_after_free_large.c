// SPDX-License-Identifier: MIT
// Reported: use-after-free-read of 1 byte in main at offset 1,000,000 of a 2,097,152-byte block from malloc in main.
#include "wipe.h"

int main(void)
{
    char *block = malloc(2 << 20);
    memset(block, 1, 2 << 20);
    free(block);
    volatile char value = ((volatile char *)block)[1000000];
    say("after");
    return 0;
}
