/* SPDX-License-Identifier: MIT
 *
 * Which pages of an address range hold something: present in memory or swapped out. Pages that were
 * never touched hold no pointer, and reading them would make the kernel provide them. No libc, no
 * lock, no memory: usable with the world stopped.
 */
#ifndef LEAK_PRESENT_H
#define LEAK_PRESENT_H

#include <stdbool.h>
#include <stdint.h>

struct present {
    int fd; /* /proc/self/pagemap; -1: every page is taken to be present */
    bool scan; /* the kernel has PAGEMAP_SCAN */
    bool knows_guards; /* which tells guard pages inside a mapping (MADV_GUARD_INSTALL) */
    uint64_t most; /* without it: after so many pages that hold something there are none */
};

/* Never fails: without /proc/self/pagemap all pages are visited. */
void present_open(struct present *present);
void present_close(struct present *present);

/* Calls `visit` for ranges that cover each page of [start, end) that holds something, in ascending
 * order. `start` and `end` are page boundaries. */
void present_each(struct present *present, uintptr_t start, uintptr_t end,
                  void (*visit)(uintptr_t start, uintptr_t end, void *argument), void *argument);

/* The same for pages whose contents are the process's own only, not those of a file. If that cannot
 * be told, none. */
void present_each_own(struct present *present, uintptr_t start, uintptr_t end,
                      void (*visit)(uintptr_t start, uintptr_t end, void *argument),
                      void *argument);

#endif
