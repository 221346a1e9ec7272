// SPDX-License-Identifier: MIT
// Nothing is reported: the last bytes of blocks of every size are the block's.
#include "wipe.h"

int main(void)
{
    for (size_t size = 1; size < 9000; size += size / 16 + 1) {
        volatile char *block = malloc(size);
        block[0] = 1;
        block[size - 1] = 1;
        free((void *)block);
    }
    say("after");
    return 0;
}
