// SPDX-License-Identifier: MIT
// Nothing is reported: as joined_by_cxx_library, in a program that replaces two operators, for which the C++ library's own
// take over the others.
#include "wipe.h"
#include <dlfcn.h>
#include <new>
#include <stdio.h>
#include <sys/resource.h>

void *operator new(std::size_t size)
{
    for (;;) {
        if (void *memory = malloc(size))
            return memory;
        std::new_handler handler = std::get_new_handler();
        if (!handler)
            throw std::bad_alloc();
        handler();
    }
}

void operator delete(void *memory) noexcept
{
    free(memory);
}

int main()
{
    char path[4096];
    struct rlimit limit;
    getrlimit(RLIMIT_AS, &limit);
    limit.rlim_cur = (rlim_t)1 << 46;
    setrlimit(RLIMIT_AS, &limit);
    snprintf(path, sizeof(path), "%s/plugin_joining_new.so", getenv("PLUGINS"));
    void *library = dlopen(path, RTLD_NOW);
    if (!library)
        return 1;
    dlclose(library);
    puts("loaded and unloaded");
    return 0;
}
