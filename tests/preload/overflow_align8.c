// SPDX-License-Identifier: MIT
// options: align=8
// Reported: heap-buffer-overflow-write of 8 bytes in main, 0 bytes past the end of a 24-byte block from malloc in main.
#include "wipe.h"

int main(void)
{
    volatile long *block = malloc(24);
    block[3] = 1;
    say("after");
    free((void *)block);
    return 0;
}
