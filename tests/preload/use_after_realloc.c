// SPDX-License-Identifier: MIT
// Reported: use-after-free-write of 1 byte in main at offset 3 of a 16-byte block from malloc in main, freed by realloc in main.
#include "wipe.h"

int main(void)
{
    volatile char *old = malloc(16);
    char *block = realloc((void *)old, 4000);
    old[7] = 1;
    say("after");
    free(block);
    return 0;
}
