// SPDX-License-Identifier: MIT
// Nothing is reported: a library that brings the C++ library along, its constructor and destructor wait for a thread in which
// operator new fails.
#include "wipe.h"
#include <dlfcn.h>
#include <stdio.h>
#include <sys/resource.h>

int main(void)
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
