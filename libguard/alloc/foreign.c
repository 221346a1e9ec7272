/* SPDX-License-Identifier: MIT */
#include "alloc/foreign.h"

#include <stdlib.h>
#include <string.h>

#include "base/maps.h"
#include "base/notice.h"
#include "guard/guard.h"
#include "heap/heap.h"
#include "stack/find_object.h"
#include "stack/loaded_symbol.h"

/* What only such a library has, and its way to give a block back and to resize it. */
static const struct library {
    const char *mark, *release, *resize, *notice;
} libraries[] = {
#define NOTICE(name)                                                                               \
    name " gives out blocks by functions of its own; those are not guarded, and their leaks are "  \
         "not searched"
    {"mallocx", "free", "realloc", NOTICE("jemalloc")},
    {"je_mallocx", "je_free", "je_realloc", NOTICE("jemalloc")},
    {"tc_malloc", "tc_free", "tc_realloc", NOTICE("tcmalloc")},
    {"mi_malloc", "mi_free", "mi_realloc", NOTICE("mimalloc")},
    {"scalable_malloc", "scalable_free", "scalable_realloc", NOTICE("TBB's allocator")},
};

static bool same_module(const void *a, const void *b)
{
    struct dl_find_object one, other;
    return a && b && find_object((uintptr_t)a, &one) && find_object((uintptr_t)b, &other) &&
           one.dlfo_link_map == other.dlfo_link_map;
}

/* The library's function, if `memory` may be a block of its own: in a mapping without a file. */
static void *function_for(const void *memory, size_t member)
{
    struct maps_entry entry;
    char path[64];
    for (size_t i = 0; i < ARRAY_LENGTH(libraries); i++) {
        void *mark = loaded_symbol(libraries[i].mark, true);
        const char *name = *(const char *const *)((const char *)&libraries[i] + member);
        void *function = mark ? loaded_symbol(name, true) : NULL;
        if (!same_module(mark, function) || (uintptr_t)memory % sizeof(void *) ||
            !maps_find((uintptr_t)memory, &entry, path, sizeof(path)) || path[0] || !entry.writable)
            continue;
        notice_once(MMT_NOTE_INCOMPLETE, libraries[i].notice);
        return function;
    }
    return NULL;
}

bool foreign_free(void *memory)
{
    void *function = function_for(memory, offsetof(struct library, release));
    if (function)
        ((void (*)(void *))function)(memory);
    return function != NULL;
}

bool foreign_realloc(void *memory, size_t size, void **resized)
{
    void *function = function_for(memory, offsetof(struct library, resize));
    if (function)
        *resized = ((void *(*)(void *, size_t))function)(memory, size);
    return function != NULL;
}
