// SPDX-License-Identifier: MIT
// options: leak_check=0
// A C program that loads a C++ library: its exceptions are libgcc's business, before and after an error was reported, and no other
// unwinder can be seen by the program.
#define _GNU_SOURCE
#include "wipe.h"
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static void check_unwinder(void *plugin)
{
    Dl_info info;
    void *raise = dlsym(plugin, "_Unwind_RaiseException");
    REQUIRE(raise && dladdr(raise, &info) && strstr(info.dli_fname, "libgcc_s"));
    REQUIRE(!dlsym(RTLD_DEFAULT, "unw_backtrace") && !dlsym(RTLD_DEFAULT, "unw_step"));
    raise = dlsym(RTLD_DEFAULT, "_Unwind_RaiseException");
    REQUIRE(!raise || (dladdr(raise, &info) && strstr(info.dli_fname, "libgcc_s")));
    int (*throw_and_catch)(void) = (int (*)(void))dlsym(plugin, "throw_and_catch");
    for (int i = 0; i < 1000; i++)
        REQUIRE(throw_and_catch() == 100);
}

int main(void)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/plugin_throw.so", getenv("PLUGINS"));
    void *plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    REQUIRE(plugin);
    check_unwinder(plugin);
    volatile char *block = malloc(32);
    block[32] = 1;
    check_unwinder(plugin);
    free((void *)block);
    REQUIRE(dlclose(plugin) == 0);
    say("after");
    return 0;
}
