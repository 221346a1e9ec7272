// SPDX-License-Identifier: MIT
// Reported: use-after-free-read of 8 bytes in main at offset 8 of a 16-byte block from operator new, freed by operator delete,
// both in main.
#include "wipe.h"

int main()
{
    struct pair {
        long a, b;
    } *block = new pair();
    delete block;
    volatile long value = ((volatile pair *)block)->b;
    say("after");
    return 0;
}
