// SPDX-License-Identifier: MIT
// Reported: realloc-after-free in main of a 32-byte block from malloc in main, freed in main.
#include "wipe.h"

int main(void)
{
    char *block = malloc(32);
    free(block);
    char *other = realloc(block, 64);
    say("after");
    if (other != block)
        free(other);
    return 0;
}
