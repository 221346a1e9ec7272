// SPDX-License-Identifier: MIT
// Reported: alloc-dealloc-mismatch, operator delete[] in main of a 4-byte block from operator new in main.
#include "wipe.h"

int main()
{
    int *block = new int;
    delete[] block;
    say("after");
    return 0;
}
