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

CHECKED(void *, memmove, (void *to, const void *from, size_t size));
CHECKED(void *, memset, (void *to, int value, size_t size));
CHECKED(int, memcmp, (const void *left, const void *right, size_t size));

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

static NOINLINE void *move_checked(void *to, const void *from, size_t size, const char *name)
{
    return move(to, from, check_copy(CHECK(name), to, from, size, false));
}

static NOINLINE void *copy_checked(void *to, const void *from, size_t size, const char *name)
{
    return move(to, from, check_copy(CHECK(name), to, from, size, true));
}

static NOINLINE void *copy_end_checked(void *to, const void *from, size_t size, const char *name)
{
    return (char *)move(to, from, check_copy(CHECK(name), to, from, size, true)) + size;
}

ALWAYS_INLINE void *copy(void *to, const void *from, size_t size)
{
    if (unlikely(check_ours(to) || check_ours(from)))
        return copy_checked(to, from, size, "memcpy");
    return move(to, from, size);
}

ALWAYS_INLINE void *copy_end(void *to, const void *from, size_t size)
{
    if (unlikely(check_ours(to) || check_ours(from)))
        return copy_end_checked(to, from, size, "mempcpy");
    return (char *)move(to, from, size) + size;
}

EXPORT void *memmove(void *to, const void *from, size_t size)
{
    if (unlikely(check_ours(to) || check_ours(from)))
        return move_checked(to, from, size, "memmove");
    return move(to, from, size);
}

CHECKED(void *, memcpy, (void *to, const void *from, size_t size))
{
    return copy(to, from, size);
}

CHECKED(void *, mempcpy, (void *to, const void *from, size_t size))
{
    return copy_end(to, from, size);
}

CHECKED(void *, __mempcpy, (void *to, const void *from, size_t size))
{
    return copy_end(to, from, size);
}

CHECKED(void, bcopy, (const void *from, void *to, size_t size))
{
    if (unlikely(check_ours(to) || check_ours(from)))
        move_checked(to, from, size, "bcopy");
    else
        move(to, from, size);
}

/* The compiler knew `room` bytes to be there. Where that is not enough the real function ends the
 * program, and we say of which block first. */
CHECKED(void *, __memcpy_chk, (void *to, const void *from, size_t size, size_t room))
{
    if (likely(size <= room))
        return copy(to, from, size);
    check_copy(CHECK("memcpy"), to, from, size, false);
    return NEXT(__memcpy_chk)(to, from, size, room);
}

CHECKED(void *, __memmove_chk, (void *to, const void *from, size_t size, size_t room))
{
    if (unlikely(check_ours(to) || check_ours(from)))
        size = check_copy(CHECK("memmove"), to, from, size, false);
    return likely(size <= room) ? move(to, from, size) : NEXT(__memmove_chk)(to, from, size, room);
}

CHECKED(void *, __mempcpy_chk, (void *to, const void *from, size_t size, size_t room))
{
    if (likely(size <= room))
        return copy_end(to, from, size);
    check_copy(CHECK("mempcpy"), to, from, size, false);
    return NEXT(__mempcpy_chk)(to, from, size, room);
}

/* ---- filling */

static NOINLINE void *fill_checked(void *to, int value, size_t size, const char *name)
{
    return fill(to, value, check_access(CHECK(name), to, size, WRITE));
}

EXPORT void *memset(void *to, int value, size_t size)
{
    if (unlikely(check_ours(to)))
        return fill_checked(to, value, size, "memset");
    return fill(to, value, size);
}

CHECKED(void *, __memset_chk, (void *to, int value, size_t size, size_t room))
{
    if (unlikely(check_ours(to)))
        size = check_access(CHECK("memset"), to, size, WRITE);
    return likely(size <= room) ? fill(to, value, size) : NEXT(__memset_chk)(to, value, size, room);
}

CHECKED(void, bzero, (void *to, size_t size))
{
    if (unlikely(check_ours(to)))
        fill_checked(to, 0, size, "bzero");
    else
        fill(to, 0, size);
}

CHECKED(void, explicit_bzero, (void *to, size_t size))
{
    if (unlikely(check_ours(to)))
        fill_checked(to, 0, size, "explicit_bzero");
    else
        fill(to, 0, size);
}

CHECKED(void, __explicit_bzero_chk, (void *to, size_t size, size_t room))
{
    if (unlikely(check_ours(to)))
        size = check_access(CHECK("explicit_bzero"), to, size, WRITE);
    NEXT(__explicit_bzero_chk)(to, size, room);
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
EXPORT int memcmp(const void *left, const void *right, size_t size)
{
    if (unlikely(check_ours(left) || check_ours(right)))
        return compare_checked(left, right, size, "memcmp");
    return compare(left, right, size);
}

CHECKED(int, bcmp, (const void *left, const void *right, size_t size))
{
    if (unlikely(check_ours(left) || check_ours(right)))
        return compare_checked(left, right, size, "bcmp");
    return compare(left, right, size);
}

CHECKED(int, __memcmpeq, (const void *left, const void *right, size_t size))
{
    if (unlikely(check_ours(left) || check_ours(right)))
        return compare_checked(left, right, size, "memcmp");
    return compare(left, right, size);
}

/* The standard lets `size` be larger than the object if the byte is found before its end. */
CHECKED(void *, memchr, (const void *memory, int value, size_t size))
{
    if (unlikely(check_ours(memory))) {
        size_t room = check_room(memory);
        if (size > room) {
            void *found = NEXT(memchr)(memory, value, room);
            if (found)
                return found;
            size = check_access(CHECK("memchr"), memory, size, READ);
        }
    }
    return NEXT(memchr)(memory, value, size);
}

CHECKED(void *, rawmemchr, (const void *memory, int value))
{
    if (unlikely(check_ours(memory))) {
        size_t room = check_room(memory);
        void *found = NEXT(memchr)(memory, value, room);
        if (found)
            return found;
        check_access(CHECK("rawmemchr"), memory, room + 1, READ);
    }
    return NEXT(rawmemchr)(memory, value);
}

CHECKED(void *, memrchr, (const void *memory, int value, size_t size))
{
    if (unlikely(check_ours(memory)))
        size = check_access(CHECK("memrchr"), memory, size, READ);
    return NEXT(memrchr)(memory, value, size);
}

CHECKED(void *, memmem, (const void *memory, size_t size, const void *part, size_t part_size))
{
    if (unlikely(check_ours(memory) || check_ours(part))) {
        const struct check *check = CHECK("memmem");
        size_t room = min_size(size, check_room(memory));
        if (check_inside(part, part_size)) { /* what lies behind the part is not read */
            void *found = NEXT(memmem)(memory, room, part, part_size);
            if (found || part_size > size)
                return found;
        }
        size = check_access(check, memory, size, READ);
        part_size = check_access(check, part, part_size, READ);
    }
    return NEXT(memmem)(memory, size, part, part_size);
}

/* Ends behind the first byte that is `stop`; what is behind that in the source may be missing. */
CHECKED(void *, memccpy, (void *to, const void *from, int stop, size_t size))
{
    if (unlikely(check_ours(to) || check_ours(from))) {
        const struct check *check = CHECK("memccpy");
        const char *found = NEXT(memchr)(from, stop, min_size(size, check_room(from)));
        size_t copied = found ? (size_t)(found - (const char *)from) + 1 : size;
        size_t usable = check_copy(check, to, from, copied, true);
        move(to, from, usable);
        return found ? (char *)to + copied : NULL;
    }
    return NEXT(memccpy)(to, from, stop, size);
}
