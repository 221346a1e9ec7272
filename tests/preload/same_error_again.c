// SPDX-License-Identifier: MIT
// Reported once: heap-buffer-overflow-write in touch, though ten blocks of one place are overflown by one place.
#include "wipe.h"

static void touch(volatile char *block)
{
    block[16] = 1;
}

int main(void)
{
    for (int i = 0; i < 10; i++) {
        char *block = malloc(16);
        touch(block);
        free(block);
    }
    say("after");
    return 0;
}
