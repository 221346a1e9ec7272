// SPDX-License-Identifier: MIT
// Nothing is reported: a library loaded with RTLD_DEEPBIND frees what it allocated, and what the program did; the program frees
// what the library allocated.
#define _GNU_SOURCE
#include "wipe.h"
#include <dlfcn.h>
#include <stdio.h>

int main(void)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/plugin_alloc.so", getenv("PLUGINS"));
    void *plugin = dlopen(path, RTLD_NOW | RTLD_DEEPBIND);
    REQUIRE(plugin);
    void *(*make)(size_t) = (void *(*)(size_t))dlsym(plugin, "plugin_make");
    void (*release)(void *) = (void (*)(void *))dlsym(plugin, "plugin_release");
    release(make(100));
    release(malloc(100));
    free(make(100));
    dlclose(plugin);
    say("after");
    return 0;
}
