// SPDX-License-Identifier: MIT
// Reported: invalid-free-interior in main, 8 bytes into a 32-byte block from malloc in main. The block lives on.
#include "wipe.h"

int main(void)
{
    char *block = malloc(32);
    char *volatile interior = block + 8;
    free(interior);
    block[0] = 1;
    say("after");
    free(block);
    return 0;
}
