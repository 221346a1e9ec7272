// SPDX-License-Identifier: MIT
// Reported: alloc-dealloc-mismatch, operator delete in main of a 4-byte block from malloc in main. Nothing leaks.
#include "wipe.h"

int main()
{
    int *block = (int *)malloc(sizeof(int));
    delete block;
    say("after");
    return 0;
}
