// SPDX-License-Identifier: MIT
// Reported: alloc-dealloc-mismatch, free in main of a 40-byte block from operator new[] in main.
#include "wipe.h"

int main()
{
    int *block = new int[10];
    free(block);
    say("after");
    return 0;
}
