// SPDX-License-Identifier: MIT
// Reported: alloc-dealloc-mismatch, free in main of a 4-byte block from operator new in main.
#include "wipe.h"

int main()
{
    int *block = new int;
    free(block);
    say("after");
    return 0;
}
