// SPDX-License-Identifier: MIT
// Nothing is reported: memory from calloc is zero, whatever lay there before.
#include "wipe.h"

int main(void)
{
    for (int round = 0; round < 2000; round++) {
        size_t size = 1 + round * 7 % 5000;
        unsigned char *dirty = malloc(size);
        memset(dirty, 0xee, size);
        free(dirty);
        unsigned char *clean = calloc(1, size);
        for (size_t i = 0; i < size; i++)
            REQUIRE(clean[i] == 0);
        free(clean);
    }
    say("after");
    return 0;
}
