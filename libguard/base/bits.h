/* SPDX-License-Identifier: MIT
 *
 * Small arithmetic and compiler helpers. Nothing here has state.
 */
#ifndef BASE_BITS_H
#define BASE_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_SIZE  ((size_t)4096)
#define PAGE_SHIFT 12

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
/* On the way of every malloc and free. All of these lie together, so that few lines of the
 * instruction cache, which they share with the kernel's call, are theirs. */
#define HOT      __attribute__((hot))
#define NOINLINE __attribute__((noinline))
/* A handler of signals. qemu-user calls it with a stack that is not aligned as the ABI says. */
#define SIGNAL_HANDLER      __attribute__((force_align_arg_pointer))
#define ALWAYS_INLINE       static inline __attribute__((always_inline))
#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* `alignment` is a power of two in all of these. */
static inline size_t align_up(size_t value, size_t alignment)
{
    return (value + alignment - 1) & ~(alignment - 1);
}

static inline size_t align_down(size_t value, size_t alignment)
{
    return value & ~(alignment - 1);
}

static inline bool is_power_of_two(size_t value)
{
    return value && !(value & (value - 1));
}

/* Position of the highest bit; `value` is not 0. */
static inline unsigned log2_floor(size_t value)
{
    return 63u - (unsigned)__builtin_clzl(value);
}

static inline size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

static inline size_t max_size(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* memcpy and memset of libguard's own: the names in libc may be interposed by libguard itself, and
 * may not be relocated yet when the first allocation arrives. They do not overlap-check; the ranges
 * must not overlap. */
static inline void copy_bytes(void *to, const void *from, size_t length)
{
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(length) : : "memory");
}

static inline void fill_bytes(void *to, int value, size_t length)
{
    __asm__ volatile("rep stosb" : "+D"(to), "+c"(length) : "a"(value) : "memory");
}

static inline size_t text_length(const char *text)
{
    size_t length = 0;
    while (text[length])
        length++;
    return length;
}

static inline bool text_equal(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

/* Where the last component of a path begins. A '/' at the end belongs to it. */
static inline const char *last_component(const char *path)
{
    const char *name = path;
    for (; *path; path++)
        if (*path == '/' && path[1])
            name = path + 1;
    return name;
}

#endif
