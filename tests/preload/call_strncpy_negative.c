// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write in strncpy and nothing else: that the source lies within the size, which is -1, is no overlap.
// The same for strcpy of a text that is longer than the way to it.
#include "wipe.h"

static volatile int size = -1;

int main(void)
{
    char text[] = "a text on the stack, above the heap";
    char *block = malloc(100), *small = malloc(16), *large = malloc(30000);
    strncpy(block, text, (size_t)size);
    memset(large, 'a', 29999);
    large[29999] = 0;
    strcpy(small, large);
    say("after");
    free(block);
    free(small);
    free(large);
    return 0;
}
