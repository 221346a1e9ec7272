// SPDX-License-Identifier: MIT
// options: on_error=continue
// Nothing is reported: an alignment that is no power of two fails as in libstdc++; a new_handler that
// throws ends a nothrow form with null.
#include <cstdio>
#include <cstdlib>
#include <new>

static int rounds;

static void handler()
{
    if (++rounds >= 3)
        throw std::bad_alloc();
}

int main()
{
    try {
        ::operator delete(::operator new(10, std::align_val_t(24)), std::align_val_t(24));
        std::puts("memory");
    } catch (std::bad_alloc &) {
        std::puts("bad_alloc");
    }
    std::puts(::operator new(10, std::align_val_t(48), std::nothrow) ? "memory" : "null");
    std::set_new_handler(handler);
    volatile std::size_t most = std::size_t(1) << 46;
    std::puts(::operator new[](most, std::nothrow) ? "memory" : "null");
    std::printf("%d\n", rounds);
    return 0;
}
