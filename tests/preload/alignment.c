// SPDX-License-Identifier: MIT
// Nothing is reported: every block is aligned as promised.
#include "wipe.h"
#include <malloc.h>

int main(void)
{
    for (size_t alignment = 16; alignment <= 1 << 21; alignment *= 2) {
        for (size_t size = 1; size < 20000; size = size * 5 + 1) {
            char *block = memalign(alignment, size);
            REQUIRE(block && (size_t)block % alignment == 0);
            block[0] = block[size - 1] = 1;
            char *plain = malloc(size);
            REQUIRE((size_t)plain % 16 == 0);
            free(plain);
            free(block);
        }
    }
    void *pages = pvalloc(5000);
    REQUIRE((size_t)pages % 4096 == 0);
    memset(pages, 1, 8192);
    free(pages);
    say("after");
    return 0;
}
