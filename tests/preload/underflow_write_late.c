// SPDX-License-Identifier: MIT
// Reported at the free in main: slack-damage of 1 byte, 1 byte before the start of a 32-byte block from malloc in main.
#include "wipe.h"

int main(void)
{
    volatile char *block = malloc(32);
    block[-1] = 1;
    free((void *)block);
    say("after");
    return 0;
}
