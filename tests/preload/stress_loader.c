// SPDX-License-Identifier: MIT
// flags: -pthread
// compact: no, what the loader keeps has other alignments there
// Two threads allocate while two others load and unload libraries that take each other's place; the stacks of blocks from both
// libraries are told apart.
#include "mmguard.h"
#include "wipe.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

enum { ROUNDS = 150, ALLOCATIONS = 20000 };

static void *make_by(const char *name, size_t size)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s", getenv("PLUGINS"), name);
    mmguard_ignore_begin(); /* how much the loader keeps is its own business */
    void *plugin = dlopen(path, RTLD_NOW);
    mmguard_ignore_end();
    REQUIRE(plugin);
    void *(*make)(size_t) = (void *(*)(size_t))dlsym(plugin, "storm_make");
    REQUIRE(make);
    void *block = make(size);
    REQUIRE(dlclose(plugin) == 0);
    return block;
}

static void *load(void *first)
{
    static const char *const names[] = {"plugin_storm_a.so", "plugin_storm_b.so"};
    for (int i = 0; i < ROUNDS; i++)
        free(make_by(names[(i + (first != NULL)) % 2], 40));
    return NULL;
}

static void allocate_at(int depth)
{
    if (depth)
        allocate_at(depth - 1);
    else
        free(malloc(64));
}

static void *allocate(void *unused)
{
    for (int i = 0; i < ALLOCATIONS; i++)
        allocate_at(i % 20);
    return NULL;
}

int main(void)
{
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        REQUIRE(pthread_create(&threads[i], NULL, i < 2 ? load : allocate, i % 2 ? "" : NULL) == 0);
    for (int i = 0; i < 4; i++)
        REQUIRE(pthread_join(threads[i], NULL) == 0);
    make_by("plugin_storm_a.so", 1100);
    make_by("plugin_storm_b.so", 2200);
    make_by("plugin_storm_a.so", 3300);
    wipe_stack();
    say("after");
    return 0;
}
