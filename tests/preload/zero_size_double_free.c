// SPDX-License-Identifier: MIT
// Reported: double-free in main of a 0-byte block from malloc in main.
#include "wipe.h"

int main(void)
{
    void *block = malloc(0);
    free(block);
    free(block);
    say("after");
    return 0;
}
