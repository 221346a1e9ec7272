/* SPDX-License-Identifier: MIT
 *
 * memcpy, memset and their relatives. They are called before anything is initialised, by functions
 * that choose among versions while the program is being relocated; until the real ones are known,
 * own simple ones do the work.
 *
 * memcpy is carried out by the real memmove, which in glibc for x86-64 is the same code:
 * overlapping copies are reported, and do what they do without us.
 */
#include "calls/check.h"

#define READ  MMT_DIRECTION_READ
#define WRITE MMT_DIRECTION_WRITE

static void *(*next_memmove)(void *to, const void *from, size_t size);
static void *(*next_memset)(void *to, int value, size_t size);
static int (*next_memcmp)(const void *left, const void *right, size_t size);

static NOINLINE void *early_move(void *to, const void *from, size_t size)
{
    volatile char *target = to;
    const volatile char *source = from;
    if ((uintptr_t)to - (uintptr_t)from >= size)
        copy_bytes(to, from, size);
    else
        while (size--)
            target[size] = source[size];
    return to;
}

static NOINLINE int early_compare(const unsigned char *left, const unsigned char *right,
                                  size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (left[i] != right[i])
            return left[i] - right[i];
    return 0;
}

ALWAYS_INLINE void *move(void *to, const void *from, size_t size)
{
    return likely(next_memmove != NULL) ? next_memmove(to, from, size) : early_move(to, from, size);
}

ALWAYS_INLINE void *fill(void *to, int value, size_t size)
{
    if (likely(next_memset != NULL))
        return next_memset(to, value, size);
    fill_bytes(to, value, size);
    return to;
}

ALWAYS_INLINE int compare(const void *left, const void *right, size_t size)
{
    return likely(next_memcmp != NULL) ? next_memcmp(left, right, size)
                                       : early_compare(left, right, size);
}

void *check_move(void *to, const void *from, size_t size)
{
    return move(to, from, size);
}

/* ---- copies */

/* What is wrong with the arguments of a copy; returns how much of it to carry out. */
static size_t check_copy(const struct check *check, void *to, const void *from, size_t size,
                         bool overlap)
{
    size_t readable = check_access(check, from, size, READ);
    size_t writable = check_access(check, to, size, WRITE);
    if (overlap && readable == size && writable == size)
        check_overlap(check, to, size, from, size);
    return min_size(readable, writable);
}

static NOINLINE void *copy_checked(void *to, const void *from, size_t size, bool overlap,
                                   const char *name)
{
    return move(to, from, check_copy(CHECK(name), to, from, size, overlap));
}

ALWAYS_INLINE void *copy(void *to, const void *from, size_t size, bool overlap, const char *name)
{
    if (unlikely(check_ours(to) || check_ours(from)))
        return copy_checked(to, from, size, overlap, name);
    return move(to, from, size);
}

static NOINLINE void report_copy(void *to, const void *from, size_t size, const char *name)
{
    check_copy(CHECK(name), to, from, size, false);
}

/* A copy, and the same where the compiler knew `room` bytes to be there. Where that is not enough
 * the real function ends the program, and we say of which block first. */
#define COPIES(name, end, overlap)                                                                 \
    CHECKED(void *, name, (void *to, const void *from, size_t size))                               \
    {                                                                                              \
        return (char *)copy(to, from, size, overlap, #name) + (end);                               \
    }                                                                                              \
    CHECKED(void *, __##name##_chk, (void *to, const void *from, size_t size, size_t room))        \
    {                                                                                              \
        if (likely(size <= room))                                                                  \
            return (char *)copy(to, from, size, overlap, #name) + (end);                           \
        report_copy(to, from, size, #name);                                                        \
        return NEXT(__##name##_chk)(to, from, size, room);                                         \
    }
COPIES(memcpy, 0, true)
COPIES(memmove, 0, false)
COPIES(mempcpy, size, true)

CHECKED(void *, __mempcpy, (void *to, const void *from, size_t size))
{
    return (char *)copy(to, from, size, true, "mempcpy") + size;
}

CHECKED(void, bcopy, (const void *from, void *to, size_t size))
{
    copy(to, from, size, false, "bcopy");
}

/* ---- filling */

static NOINLINE void *fill_checked(void *to, int value, size_t size, const char *name)
{
    return fill(to, value, check_access(CHECK(name), to, size, WRITE));
}

#define FILL(value)                                                                                \
    if (likely(size <= room))                                                                      \
        return unlikely(check_ours(to)) ? fill_checked(to, value, size, name_)                     \
                                        : fill(to, value, size);                                   \
    TARGET(to, size)

FORTIFIED(void *, memset, (void *to, int value, size_t size), (to, value, size), FILL(value))
FORTIFIED(void, explicit_bzero, (void *to, size_t size), (to, size), TARGET(to, size))

CHECKED(void, bzero, (void *to, size_t size))
{
    if (unlikely(check_ours(to)))
        fill_checked(to, 0, size, "bzero");
    else
        fill(to, 0, size);
}

/* ---- comparing and searching */

static NOINLINE int compare_checked(const void *left, const void *right, size_t size,
                                    const char *name)
{
    const struct check *check = CHECK(name);
    size_t usable = check_access(check, left, size, READ);
    return compare(left, right, min_size(usable, check_access(check, right, size, READ)));
}

/* The standard has whole arrays compared, even if they differ early. */
#define COMPARES(symbol, name)                                                                     \
    CHECKED(int, symbol, (const void *left, const void *right, size_t size))                       \
    {                                                                                              \
        if (unlikely(check_ours(left) || check_ours(right)))                                       \
            return compare_checked(left, right, size, #name);                                      \
        return compare(left, right, size);                                                         \
    }
COMPARES(memcmp, memcmp)
COMPARES(bcmp, bcmp)
COMPARES(__memcmpeq, memcmp)

/* The standard lets `size` be larger than the object if the byte is found before its end. */
CHECKED_APART(void *, memchr, (const void *memory, int value, size_t size), (memory, value, size),
              check_ours(memory))
{
    size_t room = check_room(memory);
    if (likely(size <= room))
        return NEXT(memchr)(memory, value, size);
    void *found = NEXT(memchr)(memory, value, room);
    if (found)
        return found;
    return NEXT(memchr)(memory, value, check_access(CHECK(name_), memory, size, READ));
}

CHECKED_APART(void *, rawmemchr, (const void *memory, int value), (memory, value),
              check_ours(memory))
{
    size_t room = check_room(memory);
    void *found = NEXT(memchr)(memory, value, room);
    if (found)
        return found;
    check_access(CHECK(name_), memory, room + 1, READ);
    return NEXT(rawmemchr)(memory, value);
}

CALL(void *, memrchr, (const void *memory, int value, size_t size), (memory, value, size),
     SOURCE(memory, size))

CHECKED_APART(void *, memmem, (const void *memory, size_t size, const void *part, size_t part_size),
              (memory, size, part, part_size), check_ours(memory) || check_ours(part))
{
    const struct check *check = CHECK(name_);
    size_t room = min_size(size, check_room(memory));
    if (check_inside(part, part_size)) { /* what lies behind the part is not read */
        void *found = NEXT(memmem)(memory, room, part, part_size);
        if (found || part_size > size)
            return found;
    }
    size = check_access(check, memory, size, READ);
    part_size = check_access(check, part, part_size, READ);
    return NEXT(memmem)(memory, size, part, part_size);
}

/* Ends behind the first byte that is `stop`; what is behind that in the source may be missing. */
CHECKED_APART(void *, memccpy, (void *to, const void *from, int stop, size_t size),
              (to, from, stop, size), check_ours(to) || check_ours(from))
{
    const char *found = NEXT(memchr)(from, stop, min_size(size, check_room(from)));
    size_t copied = found ? (size_t)(found - (const char *)from) + 1 : size;
    move(to, from, check_copy(CHECK(name_), to, from, copied, true));
    return found ? (char *)to + copied : NULL;
}
