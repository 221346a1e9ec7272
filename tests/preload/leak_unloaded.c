// SPDX-License-Identifier: MIT
// Reported: definite leak of 100 bytes in 1 block from malloc in plugin_make of plugin_alloc.so, which has been unloaded since,
// called by main.
#include "mmguard.h"
#include "wipe.h"
#include <dlfcn.h>
#include <stdio.h>

int main(void)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/plugin_alloc.so", getenv("PLUGINS"));
    mmguard_ignore_begin(); /* how much the loader keeps is its own business */
    void *plugin = dlopen(path, RTLD_NOW);
    mmguard_ignore_end();
    REQUIRE(plugin);
    void *(*make)(size_t) = (void *(*)(size_t))dlsym(plugin, "plugin_make");
    make(100);
    REQUIRE(dlclose(plugin) == 0);
    wipe_stack();
    say("after");
    return 0;
}
