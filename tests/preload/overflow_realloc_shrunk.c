// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-read of 1 byte in main, 0 bytes past the end of a 16-byte block from realloc in main, which
// made it smaller.
#include "wipe.h"

int main(void)
{
    char *block = malloc(160);
    memset(block, 1, 160);
    block = realloc(block, 16);
    volatile char value = block[16];
    say("after");
    free(block);
    return 0;
}
