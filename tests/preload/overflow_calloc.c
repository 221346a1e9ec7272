// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write of 4 bytes in main, 0 bytes past the end of a 48-byte block from calloc in main.
#include "wipe.h"

int main(void)
{
    volatile int *block = calloc(12, 4);
    block[12] = 1;
    say("after");
    free((void *)block);
    return 0;
}
