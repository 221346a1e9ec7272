// SPDX-License-Identifier: MIT
// Reported: aligned-delete-mismatch, operator delete without alignment in main of a 64-byte block from operator new (aligned) in
// main.
#include "wipe.h"
#include <new>

int main()
{
    void *block = operator new(64, std::align_val_t(64));
    operator delete(block);
    say("after");
    return 0;
}
