// SPDX-License-Identifier: MIT
// Reported: alloc-dealloc-mismatch, realloc in main of a 4-byte block from operator new in main.
#include "wipe.h"

int main()
{
    void *block = realloc(new int, 100);
    say("after");
    free(block);
    return 0;
}
