// SPDX-License-Identifier: MIT
// Nothing is reported: blocks without a byte are blocks, each at an address of its own.
#include "wipe.h"
#include <malloc.h>

int main(void)
{
    void *a = malloc(0), *b = malloc(0), *c = calloc(0, 8), *d = calloc(8, 0);
    REQUIRE(a && b && c && d && a != b && b != c && c != d);
    REQUIRE(malloc_usable_size(a) == 0);
    free(a);
    free(b);
    free(c);
    free(d);
    say("after");
    return 0;
}
