/* SPDX-License-Identifier: MIT
 *
 * A table of the process's mappings, in address order, in our own memory. Made with the world
 * stopped, for one check.
 */
#ifndef LEAK_REGIONS_H
#define LEAK_REGIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum region_flags {
    REGION_READ = 1,
    REGION_WRITE = 2,
    REGION_EXECUTE = 4,
    REGION_FILE = 8,
    REGION_SHARED = 128,
    /* Of a driver, or the kernel's own: reading it may do things, and it holds no pointer of the
     * program. */
    REGION_DEVICE = 16,
    /* Shaped like a stack: the kernel's [stack], or inaccessible memory lies directly below; or
     * found by regions_find_stack(). */
    REGION_STACK = 32,
    /* regions_set_thread() was called: holds the control block of a thread that lives. */
    REGION_THREAD = 64,
    /* The stack of a thread, from behind its guard to its end. */
    REGION_FOUND = 256,
    /* Memory shared with nobody but the process's children: no file holds what is there. Not
     * REGION_SHARED. */
    REGION_ZERO = 1024,
};

struct region {
    uintptr_t start, end;
    /* Nothing below this is a root; `start` unless one of the functions below moved it. */
    uintptr_t live_from;
    uint32_t flags;
    uint64_t used; /* so many of its pages hold something, or fewer; see regions_find_used() */
};

#define REGIONS_HIDDEN 8
#define REGIONS_KEPT   32

struct regions {
    struct region *list;
    size_t count, capacity;
    /* Of the heap and inaccessible, if they are few: blocks that the program has protected. */
    struct {
        uintptr_t start, end;
    } hidden[REGIONS_HIDDEN];
    size_t hidden_count;
    /* Our own memory that was needed on the way. It stays: a mapping that the table names is there
     * as long as the table is. */
    struct {
        void *memory;
        size_t size;
    } kept[REGIONS_KEPT];
    size_t kept_count;
};

/* Reads /proc/self/maps. NULL, or a constant text that says what failed; regions_free() is needed
 * in either case. */
const char *regions_read(struct regions *regions);
void regions_free(struct regions *regions);

/* Finds out how much is in use of inaccessible regions of more than a gigabyte: address space that
 * is only reserved would take long to look through page by page. */
void regions_find_used(struct regions *regions);

/* Whether it is known, without a look, that the byte at `address` of the heap cannot be read. */
static inline bool regions_hide(const struct regions *regions, uintptr_t address)
{
    for (size_t i = 0; i < regions->hidden_count; i++)
        if (address >= regions->hidden[i].start && address < regions->hidden[i].end)
            return true;
    return false;
}

/* The region that holds `address`, or NULL. */
struct region *regions_find(const struct regions *regions, uintptr_t address);

/* Makes the stack of the thread whose control block is, or was, at `thread_pointer` a region of its
 * own. Newer versions of glibc protect a stack by a guard inside its mapping, which the kernel does
 * not show, and joins with those of other stacks. */
void regions_find_stack(struct regions *regions, uintptr_t thread_pointer);

/* A thread's stack is live from `pointer` upwards. Below it the memory of a region that is shaped
 * like a stack counts no more. With several stacks in one region the lowest pointer holds. */
void regions_set_stack(struct regions *regions, uintptr_t pointer);

/* A thread lives whose control block is at `thread_pointer` (its fs base). */
void regions_set_thread(struct regions *regions, uintptr_t thread_pointer);

/* glibc keeps the stacks of threads that have ended, for the next ones, with what these left on
 * them. Once the two functions above were called for all threads, this finds such stacks and takes
 * them out of the roots, up to the control block. */
void regions_drop_dead_stacks(struct regions *regions);

#endif
