// SPDX-License-Identifier: MIT
// options: align=1
// Reported: heap-buffer-overflow-write of 1 byte in main, 0 bytes past the end of a 21-byte block from malloc in main.
#include "wipe.h"

int main(void)
{
    volatile char *block = malloc(21);
    block[21] = 1;
    say("after");
    free((void *)block);
    return 0;
}
