// SPDX-License-Identifier: MIT
// Reported: overlapping-copy in memcpy, and another in strcpy, both called by main.
#include "wipe.h"

int main(void)
{
    char *block = calloc(1, 64);
    memcpy(block + 4, block, 16);
    strcpy(block + 32, "text");
    strcpy(block + 34, block + 32);
    say("after");
    free(block);
    return 0;
}
