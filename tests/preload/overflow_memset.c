// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write in memset (libc) called by main, of a 32-byte block from malloc in main.
#include "wipe.h"

int main(void)
{
    char *block = malloc(32);
    memset(block, 1, 40);
    say("after");
    free(block);
    return 0;
}
