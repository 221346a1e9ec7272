// SPDX-License-Identifier: MIT
// Reported: allocation-size-too-large for operator new[] and for operator new (nothrow), 4,611,686,018,427,387,904 bytes, in main.
// The first throws std::bad_alloc, the second returns a null pointer.
#include "wipe.h"
#include <new>

int main()
{
    volatile std::size_t huge = (std::size_t)1 << 62;
    try {
        operator delete[](operator new[](huge));
    } catch (const std::bad_alloc &) {
        say("bad_alloc");
    }
    if (!operator new(huge, std::nothrow))
        say("null");
    return 0;
}
