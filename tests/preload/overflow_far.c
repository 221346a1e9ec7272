// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write of 1 byte in main, 100 bytes past the end of a 64-byte block from malloc in main.
#include "wipe.h"

int main(void)
{
    volatile char *block = malloc(64);
    block[164] = 1;
    say("after");
    free((void *)block);
    return 0;
}
