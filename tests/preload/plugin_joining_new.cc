// SPDX-License-Identifier: MIT
// Its constructor and its destructor, which run under the loader's lock, wait for a thread in which operator new fails, with
// and without a new_handler, and calls operators that replaced ones leave to the C++ library.
#include "wipe.h"
#include <new>
#include <pthread.h>

static int handled;

static void handler()
{
    handled++;
    std::set_new_handler(nullptr);
}

static void *first_calls(void *unused)
{
    std::align_val_t wrong = std::align_val_t(3);
    bool thrown = false;
    try {
        operator delete(operator new(10, wrong), wrong);
    } catch (const std::bad_alloc &) {
        thrown = true;
    }
    REQUIRE(thrown);
    std::set_new_handler(handler);
    REQUIRE(!operator new(10, wrong, std::nothrow));
    std::set_new_handler(handler);
    handled = 0;
    REQUIRE(!operator new((std::size_t)1 << 45, std::nothrow));
    REQUIRE(handled == 1);
    operator delete[](operator new[](10), std::size_t(10));
    return unused;
}

static void join()
{
    pthread_t thread;
    pthread_create(&thread, nullptr, first_calls, nullptr);
    pthread_join(thread, nullptr);
}

__attribute__((constructor)) static void begin()
{
    join();
}

__attribute__((destructor)) static void end()
{
    join();
}
