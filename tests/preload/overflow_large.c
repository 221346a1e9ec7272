// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write of 1 byte in main, 0 bytes past the end of a 3,145,728-byte block from malloc in main.
#include "wipe.h"

int main(void)
{
    volatile char *block = malloc(3 << 20);
    block[3 << 20] = 1;
    say("after");
    free((void *)block);
    return 0;
}
