/* SPDX-License-Identifier: MIT
 *
 * Counters for each stack that blocks were allocated at. Counting takes a few nanoseconds and no
 * lock; a site's counters are set up at its first allocation. Without memory for them a site is not
 * counted.
 *
 * Signal-safe.
 */
#ifndef STACK_SITES_H
#define STACK_SITES_H

#include <stdbool.h>
#include <stdint.h>

struct thread;

struct site {
    uint32_t stack; /* id in the depot */
    uint64_t allocations, bytes;
    uint64_t frees, freed_bytes;
    uint64_t peak_bytes; /* most that was live at one time */
    /* Frees by the thread that allocated the block and has allocated nothing since. */
    uint64_t freed_next;
    uint64_t first_time, last_time; /* of allocations; as moment_now() has it */
};

/* The block at `address` was allocated at `stack` by the calling thread `self`. */
void sites_allocated(struct thread *self, uint32_t stack, uintptr_t address, uint64_t size);
/* It was freed; `self` is the calling thread. */
void sites_freed(const struct thread *self, uint32_t stack, uintptr_t address, uint64_t size);

/* In a forked child: what is counted from now on is the child's. What a site had live stays in its
 * peak, once the child allocates there. */
void sites_after_fork(void);

/* Site `number`, 0 <= number < sites_count(); as it is at the call. Of a forked process only what
 * it did itself; frees may be of blocks it inherited. False if it has not allocated there. */
bool sites_get(uint32_t number, struct site *site);
uint32_t sites_count(void);

#endif
