// SPDX-License-Identifier: MIT
// Reported: alloc-dealloc-mismatch, operator delete in main of a 40-byte block from operator new[] in main; only that, not the
// size as well.
#include "wipe.h"

int main()
{
    int *block = new int[10];
    delete block;
    say("after");
    return 0;
}
