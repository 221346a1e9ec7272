// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-read of 1 byte in main, and at the free slack-damage, 1 byte past the end of the same block of 20 bytes.
#include "wipe.h"

int main(void)
{
    volatile char *block = malloc(20);
    (void)block[32];
    block[21] = 1;
    free((void *)block);
    say("after");
    return 0;
}
