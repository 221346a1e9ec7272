/* SPDX-License-Identifier: MIT
 *
 * Atomic steps that do without the lock prefix while the process has one thread: a single
 * instruction is still not split by a signal handler, and the prefix waits for every earlier store,
 * some of which miss the cache. glibc's own allocator rests on the same promise.
 */
#ifndef BASE_SINGLE_H
#define BASE_SINGLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/single_threaded.h>

#include "base/bits.h"

static inline void single_add(uint64_t *counter, uint64_t value)
{
    if (likely(__libc_single_threaded))
        __asm__ volatile("addq %1, %0" : "+m"(*counter) : "er"(value) : "cc");
    else
        __asm__ volatile("lock addq %1, %0" : "+m"(*counter) : "er"(value) : "cc");
}

/* Returns the sum. */
static inline uint64_t single_add_get(uint64_t *counter, uint64_t value)
{
    uint64_t before = value;
    if (likely(__libc_single_threaded))
        __asm__ volatile("xaddq %0, %1" : "+r"(before), "+m"(*counter) : : "cc");
    else
        __asm__ volatile("lock xaddq %0, %1" : "+r"(before), "+m"(*counter) : : "cc");
    return before + value;
}

/* Counts down; true if that made it 0. Acquires and releases. */
static inline bool single_drop(_Atomic uint32_t *counter)
{
    if (likely(__libc_single_threaded)) {
        bool zero;
        __asm__ volatile("decl %0" : "+m"(*counter), "=@ccz"(zero) : : "memory");
        return zero;
    }
    return atomic_fetch_sub_explicit(counter, 1, memory_order_acq_rel) == 1;
}

/* Changes `from` to `to`; false if it was something else. Sequentially consistent. */
static inline bool single_change(_Atomic uint8_t *state, uint8_t from, uint8_t to)
{
    if (likely(__libc_single_threaded)) {
        bool done;
        __asm__ volatile("cmpxchgb %3, %1"
                         : "+a"(from), "+m"(*state), "=@ccz"(done)
                         : "q"(to)
                         : "memory");
        return done;
    }
    return atomic_compare_exchange_strong(state, &from, to);
}

#endif
