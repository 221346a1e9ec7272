// SPDX-License-Identifier: MIT
// Reported at the free in main: slack-damage, 1 byte, 3 bytes past the end of a 20-byte block from malloc in main.
#include "wipe.h"

int main(void)
{
    volatile char *block = malloc(20);
    block[23] = 1;
    free((void *)block);
    say("after");
    return 0;
}
