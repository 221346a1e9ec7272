/* SPDX-License-Identifier: MIT
 *
 * The C allocation functions. Behaviour follows glibc where the standards leave a choice:
 * realloc(p, 0) frees, malloc(0) is a block of its own, free() keeps errno. malloc_usable_size() is
 * the size that was asked for.
 */
#include <errno.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "alloc/allocate.h"
#include "alloc/foreign.h"
#include "alloc/libc_block.h"
#include "alloc/release.h"
#include "base/bits.h"
#include "guard/guard.h"
#include "heap/heap.h"
#include "stack/loaded_symbol.h"

NEXT_FUNCTION(void *, __libc_realloc, (void *, size_t));

static inline void *or_enomem(void *memory)
{
    if (unlikely(!memory))
        errno = ENOMEM;
    return memory;
}

EXPORT HOT void *malloc(size_t size)
{
    return or_enomem(allocate(size, 0, MMT_FUNCTION_MALLOC, STACK_START()));
}

EXPORT HOT void free(void *memory)
{
    if (memory)
        release(&(struct heap_release){.address = (uintptr_t)memory, .function = MMT_FUNCTION_FREE},
                STACK_START());
}

EXPORT void cfree(void *memory)
{
    if (memory)
        release(
            &(struct heap_release){.address = (uintptr_t)memory, .function = MMT_FUNCTION_CFREE},
            STACK_START());
}

/* C23. The size is that of the allocation. */
EXPORT void free_sized(void *memory, size_t size)
{
    if (memory)
        release(&(struct heap_release){.address = (uintptr_t)memory,
                                       .function = MMT_FUNCTION_FREE_SIZED,
                                       .has_size = true,
                                       .size = size},
                STACK_START());
}

EXPORT void free_aligned_sized(void *memory, size_t alignment, size_t size)
{
    if (memory)
        release(&(struct heap_release){.address = (uintptr_t)memory,
                                       .function = MMT_FUNCTION_FREE_ALIGNED_SIZED,
                                       .has_size = true,
                                       .has_alignment = true,
                                       .size = size,
                                       .alignment = alignment},
                STACK_START());
}

EXPORT void *calloc(size_t count, size_t size)
{
    size_t total;
    if (unlikely(__builtin_mul_overflow(count, size, &total))) {
        report_size_overflow(count, size, MMT_FUNCTION_CALLOC, STACK_START());
        return or_enomem(NULL);
    }
    return or_enomem(allocate(total, 0, MMT_FUNCTION_CALLOC, STACK_START()));
}

/* NULL without memory, and where `size` is 0: then `old` was freed. */
static void *resize(void *old, size_t size, uint8_t function, struct stack_start start)
{
    if (!old)
        return allocate(size, 0, function, start);
    struct heap_release release_old = {.address = (uintptr_t)old, .function = function};
    if (!size) {
        release(&release_old, start);
        return NULL;
    }
    struct thread *self = guard_enter();
    void *resized;
    if (unlikely(guard.passthrough))
        return NEXT(__libc_realloc)(old, size);
    if (unlikely(!heap_owns((uintptr_t)old))) {
        if (libc_block_may_be((uintptr_t)old))
            return NEXT(__libc_realloc)(old, size);
        if (foreign_realloc(old, size, &resized))
            return resized;
    }
    heap_foresee((uintptr_t)old);
    struct heap_request request = {.size = size,
                                   .stack = stack_capture(start),
                                   .thread = self->info->id,
                                   .function = function};
    const struct block *block = heap_block_at((uintptr_t)old);
    size_t kept = block ? min_size(block->size, size) : 0;
    void *memory = allocate_captured(self, &request);
    if (!memory)
        return NULL;
    __builtin_memcpy(memory, old, kept);
    /* Where `old` is no live block this is what reports it; the caller gets a fresh block to go on
     * with. */
    release_old.stack = request.stack;
    release_old.thread = request.thread;
    release_captured(self, &release_old);
    return memory;
}

EXPORT void *realloc(void *old, size_t size)
{
    void *memory = resize(old, size, MMT_FUNCTION_REALLOC, STACK_START());
    return memory || (old && !size) ? memory : or_enomem(NULL);
}

EXPORT void *reallocarray(void *old, size_t count, size_t size)
{
    size_t total;
    if (unlikely(__builtin_mul_overflow(count, size, &total))) {
        report_size_overflow(count, size, MMT_FUNCTION_REALLOCARRAY, STACK_START());
        return or_enomem(NULL);
    }
    void *memory = resize(old, total, MMT_FUNCTION_REALLOCARRAY, STACK_START());
    return memory || (old && !total) ? memory : or_enomem(NULL);
}

/* glibc rounds an alignment up to a power of two. 0 if there is none so large. */
static size_t usable_alignment(size_t alignment)
{
    size_t rounded = 1;
    while (rounded && rounded < alignment)
        rounded *= 2;
    if (!rounded)
        errno = EINVAL;
    return rounded;
}

EXPORT void *memalign(size_t alignment, size_t size)
{
    size_t rounded = usable_alignment(alignment);
    return rounded ? or_enomem(allocate(size, rounded, MMT_FUNCTION_MEMALIGN, STACK_START()))
                   : NULL;
}

EXPORT void *aligned_alloc(size_t alignment, size_t size)
{
    size_t rounded = usable_alignment(alignment);
    return rounded ? or_enomem(allocate(size, rounded, MMT_FUNCTION_ALIGNED_ALLOC, STACK_START()))
                   : NULL;
}

EXPORT int posix_memalign(void **memory, size_t alignment, size_t size)
{
    if (!is_power_of_two(alignment) || alignment % sizeof(void *))
        return EINVAL;
    void *block = allocate(size, alignment, MMT_FUNCTION_POSIX_MEMALIGN, STACK_START());
    if (!block)
        return errno = ENOMEM; /* as in glibc, which sets errno, too */
    *memory = block;
    return 0;
}

EXPORT void *valloc(size_t size)
{
    return or_enomem(allocate(size, PAGE_SIZE, MMT_FUNCTION_VALLOC, STACK_START()));
}

EXPORT void *pvalloc(size_t size)
{
    if (size > SIZE_MAX - PAGE_SIZE)
        return or_enomem(NULL);
    return or_enomem(
        allocate(align_up(size, PAGE_SIZE), PAGE_SIZE, MMT_FUNCTION_PVALLOC, STACK_START()));
}

NEXT_FUNCTION(size_t, malloc_usable_size, (void *));

EXPORT size_t malloc_usable_size(void *memory)
{
    if (!memory)
        return 0;
    guard_enter();
    if (unlikely(guard.passthrough))
        return NEXT(malloc_usable_size)(memory);
    const struct block *block = heap_block_at((uintptr_t)memory);
    return block ? block->size : 0;
}

/* glibc's other names, which some programs call from a malloc() of their own. */
#if __has_attribute(copy)
#define SAME_AS(function) alias(#function), copy(function)
#else
#define SAME_AS(function) alias(#function)
#endif
#define ALSO(function, other)                                                                      \
    extern EXPORT __typeof__(function) other __attribute__((SAME_AS(function)))

ALSO(malloc, __libc_malloc);
ALSO(free, __libc_free);
ALSO(calloc, __libc_calloc);
ALSO(realloc, __libc_realloc);
ALSO(memalign, __libc_memalign);
ALSO(valloc, __libc_valloc);
ALSO(pvalloc, __libc_pvalloc);
