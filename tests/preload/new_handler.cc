// SPDX-License-Identifier: MIT
// Nothing is reported: memory ends at a limit the program set. The new_handler is called until it takes itself out.
#include "wipe.h"
#include <new>
#include <sys/resource.h>

static int calls;

static void handler()
{
    say("handler");
    if (++calls == 2)
        std::set_new_handler(nullptr);
}

int main()
{
    struct rlimit limit;
    getrlimit(RLIMIT_AS, &limit);
    limit.rlim_cur = (rlim_t)1 << 46;
    setrlimit(RLIMIT_AS, &limit);
    std::set_new_handler(handler);
    volatile std::size_t size = (std::size_t)1 << 45;
    try {
        void *first = operator new(size);
        void *second = operator new(size);
        operator delete(first);
        operator delete(second);
    } catch (const std::bad_alloc &) {
        say("bad_alloc");
    }
    return 0;
}
