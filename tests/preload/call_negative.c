// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write in memset, heap-buffer-overflow-read in memcpy, called by main with sizes that are negative numbers. No other
// block is harmed.
#include "wipe.h"

int main(void)
{
    static char target[64];
    char *first = calloc(1, 100), *second = calloc(1, 100);
    memset(first, 1, (size_t)-1);
    REQUIRE(first[99] == 1 && second[0] == 0 && second[99] == 0);
    memcpy(target, second + 60, (size_t)-64 * 2 > 10 ? 64 : 0);
    say("after");
    free(first);
    free(second);
    return 0;
}
