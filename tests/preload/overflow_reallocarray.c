// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write of 8 bytes in main, 0 bytes past the end of an 80-byte block from reallocarray in main.
#define _GNU_SOURCE
#include "wipe.h"

int main(void)
{
    volatile long *block = reallocarray(NULL, 10, 8);
    block[10] = 1;
    say("after");
    free((void *)block);
    return 0;
}
