// SPDX-License-Identifier: MIT
// flags: -fsized-deallocation
// Reported: sized-delete-mismatch, operator delete in main given 16 bytes for a 32-byte block from operator new in main.
#include "wipe.h"
#include <new>

int main()
{
    void *block = operator new(32);
    operator delete(block, (std::size_t)16);
    say("after");
    return 0;
}
