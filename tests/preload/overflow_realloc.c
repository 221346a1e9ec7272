// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write of 1 byte in main, 0 bytes past the end of a 160-byte block from realloc in main.
#include "wipe.h"

int main(void)
{
    volatile char *block = realloc(malloc(16), 160);
    block[160] = 1;
    say("after");
    free((void *)block);
    return 0;
}
