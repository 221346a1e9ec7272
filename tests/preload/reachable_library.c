// SPDX-License-Identifier: MIT
// Nothing is reported: the data of a library that was loaded while the program ran, and its thread-local data, hold the blocks.
#include "wipe.h"
#include <dlfcn.h>
#include <stdio.h>

int main(void)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/plugin_keeper.so", getenv("PLUGINS"));
    void *library = dlopen(path, RTLD_NOW);
    REQUIRE(library);
    ((void (*)(size_t))dlsym(library, "keep_one"))(50);
    wipe_stack();
    say("after");
    return 0;
}
