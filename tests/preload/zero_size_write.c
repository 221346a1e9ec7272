// SPDX-License-Identifier: MIT
// Reported: a write of 1 byte 0 bytes past the end of a 0-byte block from malloc in main: as heap-buffer-overflow-write in main if
// the block stands against its guard, else as slack-damage at the free in main.
#include "wipe.h"

int main(void)
{
    volatile char *block = malloc(0);
    block[0] = 1;
    free((void *)block);
    say("after");
    return 0;
}
