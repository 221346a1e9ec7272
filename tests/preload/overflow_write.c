// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write of 4 bytes in main, 4 bytes past the end of a 32-byte block from malloc in main.
#include "wipe.h"

int main(void)
{
    volatile int *block = malloc(32);
    block[9] = 1;
    say("after");
    free((void *)block);
    return 0;
}
