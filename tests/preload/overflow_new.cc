// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write of 4 bytes in main, 0 bytes past the end of a 16-byte block from operator new in main.
#include "wipe.h"

struct pair {
    int first[4];
};

int main()
{
    pair *block = new pair;
    ((volatile int *)block)[4] = 1;
    say("after");
    delete block;
    return 0;
}
