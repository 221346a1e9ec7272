// SPDX-License-Identifier: MIT
// Nothing is reported: the program replaces two operators, and the others have to go through them.
#include "wipe.h"
#include <new>

static int taken;

void *operator new(size_t size)
{
    taken++;
    size_t *block = static_cast<size_t *>(malloc(size + 16));
    if (!block)
        throw std::bad_alloc();
    *block = size;
    return block + 2;
}

void operator delete(void *memory) noexcept
{
    if (!memory)
        return;
    taken--;
    free(static_cast<size_t *>(memory) - 2);
}

struct thing {
    ~thing()
    {
    }
    int value = 1;
};

int main()
{
    delete new int;
    delete[] new int[3];
    delete new (std::nothrow) thing;
    delete[] new (std::nothrow) thing[3];
    operator delete(operator new(10), size_t(10));
    operator delete[](operator new[](10), size_t(10));
    operator delete(operator new(10), std::nothrow);
    REQUIRE(taken == 0);
    say("after");
    return 0;
}
