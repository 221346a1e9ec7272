// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-read of 8 bytes in main that begins 4 bytes before the end of a 32-byte block from malloc in
// main and ends 4 bytes past it.
#include "wipe.h"

int main(void)
{
    char *block = malloc(32);
    memset(block, 1, 32);
    volatile long value = *(volatile long *)(block + 28);
    say("after");
    free(block);
    return 0;
}
