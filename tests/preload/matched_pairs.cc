// SPDX-License-Identifier: MIT
// flags: -fsized-deallocation
// Nothing is reported: every operator new with each operator delete that may follow it.
#include "wipe.h"
#include <new>

int main()
{
    operator delete(operator new(32));
    operator delete(operator new(32), (std::size_t)32);
    operator delete[](operator new[](32));
    operator delete[](operator new[](32), (std::size_t)32);
    operator delete(operator new(32, std::nothrow), std::nothrow);
    operator delete[](operator new[](32, std::nothrow), std::nothrow);
    operator delete(operator new(64, std::align_val_t(64)), std::align_val_t(64));
    operator delete(operator new(64, std::align_val_t(64)), (std::size_t)64, std::align_val_t(64));
    operator delete[](operator new[](64, std::align_val_t(64)), std::align_val_t(64));
    operator delete(operator new(64, std::align_val_t(64), std::nothrow), std::align_val_t(64), std::nothrow);
    delete[] new int[0];
    say("after");
    return 0;
}
