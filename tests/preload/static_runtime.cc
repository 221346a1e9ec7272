// SPDX-License-Identifier: MIT
// flags: -static-libstdc++ -static-libgcc
// Nothing is reported: the program has operators new and delete of its own inside, and exchanges objects with a library.
#include "wipe.h"
#include <dlfcn.h>
#include <stdio.h>

int main()
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/plugin_objects.so", getenv("PLUGINS"));
    void *library = dlopen(path, RTLD_NOW);
    REQUIRE(library);
    int *(*make)() = (int *(*)())dlsym(library, "object_make");
    void (*drop)(int *) = (void (*)(int *))dlsym(library, "object_drop");
    delete make();
    drop(new int(2));
    delete new int(3);
    say("after");
    return 0;
}
