// SPDX-License-Identifier: MIT
// Reported: use-after-free-write of 1 byte in main at offset 0 of a 100-byte block from malloc in main, freed in main.
#include "wipe.h"

int main(void)
{
    volatile char *block = malloc(100);
    free((void *)block);
    block[0] = 1;
    say("after");
    return 0;
}
