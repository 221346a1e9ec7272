// SPDX-License-Identifier: MIT
// Reported: double-free by operator delete in main of a 4-byte block from operator new in main.
#include "wipe.h"

int main()
{
    int *block = new int;
    delete block;
    delete block;
    say("after");
    return 0;
}
