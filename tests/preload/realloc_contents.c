// SPDX-License-Identifier: MIT
// Nothing is reported: contents survive every change of size.
#include "wipe.h"

int main(void)
{
    unsigned char *block = NULL;
    size_t old = 0;
    for (size_t size = 1; size < 3000000; size = size * 3 / 2 + 1) {
        block = realloc(block, size);
        REQUIRE(block);
        for (size_t i = 0; i < old; i++)
            REQUIRE(block[i] == (unsigned char)(i * 7));
        for (size_t i = old; i < size; i++)
            block[i] = (unsigned char)(i * 7);
        old = size;
    }
    for (size_t size = old; size > 0; size /= 2) {
        block = realloc(block, size);
        for (size_t i = 0; i < size; i++)
            REQUIRE(block[i] == (unsigned char)(i * 7));
    }
    free(block);
    say("after");
    return 0;
}
