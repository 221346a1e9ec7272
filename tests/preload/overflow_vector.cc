// SPDX-License-Identifier: MIT
// flags: -D_GLIBCXX_NO_ASSERTIONS
// Reported: heap-buffer-overflow-read of 4 bytes in main or an inlined std::vector<int>::operator[], 0 bytes past the end of a
// 64-byte block from operator new, called through std::vector's constructor by main.
#include "wipe.h"
#include <vector>

int main()
{
    std::vector<int> numbers(16);
    volatile int value = numbers[16];
    say("after");
    return 0;
}
