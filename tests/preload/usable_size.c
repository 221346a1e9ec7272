// SPDX-License-Identifier: MIT
// Nothing is reported: malloc_usable_size is the size asked for, to the byte.
#include "wipe.h"
#include <malloc.h>

int main(void)
{
    for (size_t size = 1; size < 100000; size = size * 2 + 1) {
        char *block = malloc(size);
        REQUIRE(malloc_usable_size(block) == size);
        memset(block, 1, malloc_usable_size(block));
        free(block);
    }
    REQUIRE(malloc_usable_size(NULL) == 0);
    say("after");
    return 0;
}
