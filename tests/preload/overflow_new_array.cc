// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-read of 8 bytes in main, 8 bytes past the end of a 64-byte block from operator new[] in main.
#include "wipe.h"

int main()
{
    long *block = new long[8]();
    volatile long value = ((volatile long *)block)[9];
    say("after");
    delete[] block;
    return 0;
}
