// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write of 1 byte in late, a destructor, of a 16-byte block from malloc in late.
#include "wipe.h"

__attribute__((destructor)) static void late(void)
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
