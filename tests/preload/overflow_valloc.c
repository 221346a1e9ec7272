// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write of 1 byte in main, 0 bytes past the end of a 4096-byte block from valloc in main.
#include "wipe.h"
#include <malloc.h>

int main(void)
{
    volatile char *block = valloc(4096);
    REQUIRE((size_t)block % 4096 == 0);
    block[4096] = 1;
    say("after");
    free((void *)block);
    return 0;
}
