// SPDX-License-Identifier: MIT
// Nothing is reported but that address space is used again: blocks of 1 GiB, in all more than is reserved for such, come and go.
#include "wipe.h"

int main(void)
{
    for (int i = 0; i < 17500; i++) {
        char *block = malloc(1 << 30);
        REQUIRE(block);
        block[0] = block[(1 << 30) - 1] = 1;
        free(block);
    }
    say("after");
    return 0;
}
