// SPDX-License-Identifier: MIT
// compact: no, a fault is what this is about
// Reported: heap-buffer-overflow-read of 1 byte in main, double-free in main, both of a 16-byte block. errno survives both.
#include "wipe.h"
#include <errno.h>

int main(void)
{
    char *block = malloc(16);
    errno = 1234;
    volatile char value = ((volatile char *)block)[16];
    REQUIRE(errno == 1234);
    free(block);
    free(block);
    REQUIRE(errno == 1234);
    say("after");
    return 0;
}
