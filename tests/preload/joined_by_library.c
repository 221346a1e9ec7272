// SPDX-License-Identifier: MIT
// A library's constructor and destructor wait for a thread that calls what nobody called before.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/plugin_joining.so", getenv("PLUGINS"));
    void *library = dlopen(path, RTLD_NOW);
    if (!library)
        return 1;
    dlclose(library);
    puts("loaded and unloaded");
    return 0;
}
