// SPDX-License-Identifier: MIT
// Reported: double-free in main of a 32-byte block from malloc in main, freed before in release.
#include "wipe.h"

static void release(void *block)
{
    free(block);
}

int main(void)
{
    char *block = malloc(32);
    release(block);
    free(block);
    say("after");
    return 0;
}
