// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write of 1 byte in main, 0 bytes past the end of a 128-byte block from memalign in main.
#include "wipe.h"
#include <malloc.h>

int main(void)
{
    volatile char *block = memalign(64, 128);
    REQUIRE((size_t)block % 64 == 0);
    block[128] = 1;
    say("after");
    free((void *)block);
    return 0;
}
