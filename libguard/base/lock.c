/* SPDX-License-Identifier: MIT
 *
 * The lock word follows Ulrich Drepper, "Futexes Are Tricky", mutex 2: 0 free, 1 held, 2 held and
 * waited for.
 */
#include "base/lock.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

#include "base/bits.h"
#include "base/guard_assert.h"
#include "base/sys.h"

static struct {
    _Alignas(64) _Atomic uint32_t word;
} locks[LOCK_RANKS];

static bool signals_spared;

#ifdef GUARD_DEBUG
/* Bits of the ranks that the thread holds. */
static __thread uint32_t ranks_held __attribute__((tls_model("initial-exec")));
#endif

/* Nothing in builds without GUARD_DEBUG. */
static void note_taken(enum lock_rank rank)
{
#ifdef GUARD_DEBUG
    GUARD_ASSERT(ranks_held >> rank == 0);
    ranks_held |= (uint32_t)1 << rank;
#endif
    (void)rank;
}

static void note_left(enum lock_rank rank)
{
#ifdef GUARD_DEBUG
    GUARD_ASSERT(ranks_held >> rank & 1);
    ranks_held &= ~((uint32_t)1 << rank);
#endif
    (void)rank;
}

static void note_none(void)
{
#ifdef GUARD_DEBUG
    ranks_held = 0;
#endif
}

void lock_spare_signals(void)
{
    signals_spared = true;
}

static void restore_signals(const uint64_t *mask)
{
    if (likely(!signals_spared))
        sys_sigmask(SIG_SETMASK, mask, NULL);
}

/* But for the two that a probe (probe.h) of inaccessible memory raises: a fault whose signal is
 * blocked kills the process. */
static uint64_t block_signals(void)
{
    if (unlikely(signals_spared))
        return 0;
    uint64_t all = ~((uint64_t)1 << (SIGSEGV - 1) | (uint64_t)1 << (SIGBUS - 1)), saved = 0;
    sys_sigmask(SIG_BLOCK, &all, &saved);
    return saved;
}

static bool lock_take(_Atomic uint32_t *word, uint64_t deadline)
{
    uint32_t seen = 0;
    if (atomic_compare_exchange_strong_explicit(word, &seen, 1, memory_order_acquire,
                                                memory_order_relaxed))
        return true;
    while (atomic_exchange_explicit(word, 2, memory_order_acquire) != 0) {
        struct timespec left, *timeout = NULL;
        if (deadline) {
            uint64_t now = sys_clock(CLOCK_MONOTONIC);
            if (now >= deadline)
                return false;
            left.tv_sec = (time_t)((deadline - now) / 1000000000u);
            left.tv_nsec = (long)((deadline - now) % 1000000000u);
            timeout = &left;
        }
        sys_futex_wait(word, 2, timeout);
    }
    return true;
}

uint64_t lock_enter(enum lock_rank rank)
{
    uint64_t saved = block_signals();
    note_taken(rank);
    lock_take(&locks[rank].word, 0);
    return saved;
}

bool lock_enter_within(enum lock_rank rank, uint64_t nanoseconds, uint64_t *saved_mask)
{
    *saved_mask = block_signals();
    if (lock_take(&locks[rank].word, sys_clock(CLOCK_MONOTONIC) + nanoseconds)) {
        note_taken(rank);
        return true;
    }
    restore_signals(saved_mask);
    return false;
}

void lock_leave(enum lock_rank rank, uint64_t saved_mask)
{
    note_left(rank);
    if (atomic_exchange_explicit(&locks[rank].word, 0, memory_order_release) == 2)
        sys_futex_wake(&locks[rank].word, 1);
    restore_signals(&saved_mask);
}

uint64_t lock_all_before_fork(void)
{
    uint64_t saved = block_signals();
    for (int rank = 0; rank < LOCK_RANKS; rank++) {
        note_taken((enum lock_rank)rank);
        lock_take(&locks[rank].word, 0);
    }
    return saved;
}

void lock_all_after_fork(uint64_t saved_mask)
{
    note_none();
    for (int rank = LOCK_RANKS; rank-- > 0;)
        if (atomic_exchange_explicit(&locks[rank].word, 0, memory_order_release) == 2)
            sys_futex_wake(&locks[rank].word, 1);
    restore_signals(&saved_mask);
}

void lock_reset_in_child(void)
{
    note_none();
    for (int rank = 0; rank < LOCK_RANKS; rank++)
        atomic_store(&locks[rank].word, 0);
}
