// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write of 1 byte in main, 0 bytes past the end of a 256-byte block from aligned_alloc in main.
#include "wipe.h"

int main(void)
{
    volatile char *block = aligned_alloc(256, 256);
    REQUIRE((size_t)block % 256 == 0);
    block[256] = 1;
    say("after");
    free((void *)block);
    return 0;
}
