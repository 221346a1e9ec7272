// SPDX-License-Identifier: MIT
// Reported: heap-buffer-underflow-read of 1 byte in main, 1 byte before the start of a 4096-byte block from malloc in main.
#include "wipe.h"

int main(void)
{
    free(malloc(4096));
    volatile char *block = malloc(4096);
    volatile char value = block[-1];
    say("after");
    free((void *)block);
    return 0;
}
