// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write of 1 byte in main, 0 bytes past the end of an 8192-byte block from posix_memalign in main.
#include "wipe.h"

int main(void)
{
    void *block;
    REQUIRE(posix_memalign(&block, 8192, 8192) == 0);
    REQUIRE((size_t)block % 8192 == 0);
    ((volatile char *)block)[8192] = 1;
    say("after");
    free(block);
    return 0;
}
