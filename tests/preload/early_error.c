// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write of 1 byte in early, a constructor, of a 16-byte block from malloc in early.
#include "wipe.h"

__attribute__((constructor)) static void early(void)
{
    volatile char *block = malloc(16);
    block[16] = 1;
    free((void *)block);
}

int main(void)
{
    say("after");
    return 0;
}
