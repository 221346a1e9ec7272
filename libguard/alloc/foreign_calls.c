/* SPDX-License-Identifier: MIT
 *
 * Functions of jemalloc, of tcmalloc one, that are given blocks of ours.
 */
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>

#include "alloc/release.h"
#include "guard/guard.h"
#include "heap/heap.h"
#include "stack/loaded_symbol.h"

#define ALIGNMENT_LOG 63 /* in the flags */

#define OURS(memory) (guard.ready && !guard.passthrough && heap_owns((uintptr_t)(memory)))
/* Nobody can have called it if there is none. */
#define FOREIGN(name, type) ((type)loaded_symbol(#name, true))

EXPORT void dallocx(void *memory, int flags)
{
    if (!OURS(memory)) {
        FOREIGN(dallocx, void (*)(void *, int))(memory, flags);
        return;
    }
    release(&(struct heap_release){.address = (uintptr_t)memory, .function = MMT_FUNCTION_FREE},
            STACK_START());
}

EXPORT void sdallocx(void *memory, size_t size, int flags)
{
    if (!OURS(memory)) {
        FOREIGN(sdallocx, void (*)(void *, size_t, int))(memory, size, flags);
        return;
    }
    release(&(struct heap_release){.address = (uintptr_t)memory, .function = MMT_FUNCTION_FREE},
            STACK_START());
}

EXPORT size_t sallocx(const void *memory, int flags)
{
    return OURS(memory) ? malloc_usable_size((void *)memory)
                        : FOREIGN(sallocx, size_t(*)(const void *, int))(memory, flags);
}

/* Ours cannot grow where it is. */
EXPORT size_t xallocx(void *memory, size_t size, size_t extra, int flags)
{
    return OURS(memory) ? malloc_usable_size(memory)
                        : FOREIGN(xallocx, size_t(*)(void *, size_t, size_t, int))(memory, size,
                                                                                   extra, flags);
}

EXPORT void *rallocx(void *memory, size_t size, int flags)
{
    if (!OURS(memory))
        return FOREIGN(rallocx, void *(*)(void *, size_t, int))(memory, size, flags);
    if (!(flags & ALIGNMENT_LOG))
        return realloc(memory, size);
    void *moved = memalign((size_t)1 << (flags & ALIGNMENT_LOG), size);
    if (moved) {
        __builtin_memcpy(moved, memory, min_size(size, malloc_usable_size(memory)));
        free(memory);
    }
    return moved;
}
