/* SPDX-License-Identifier: MIT
 *
 * Locks for the slow paths. A lock is held with every signal of the thread blocked but SIGSEGV and
 * SIGBUS, so that a signal handler that allocates can never wait for a lock its own thread holds;
 * the cost (two system calls) is why no hot path has a lock.
 *
 * Locks are taken in ascending order of rank. lock_all_before_fork() and the two
 * functions after it take and release every lock around fork, so that the child finds each one
 * free.
 */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Outermost first. */
enum lock_rank {
    LOCK_INIT,
    LOCK_LEAK_CHECK,
    LOCK_REPORT,
    LOCK_SIGNALS,
    LOCK_DECLARED,
    LOCK_STREAMS,
    LOCK_HEAP_LARGE,
    LOCK_HEAP_CHUNK,
    LOCK_MODULES,
    LOCK_DEPOT,
    LOCK_RECORDER,
    LOCK_THREADS,
    LOCK_OWN_MEMORY,
    LOCK_RANKS,
};

/* Blocks all signals and takes the lock; returns the signal mask to give back to lock_leave().
 * Signal-safe. */
uint64_t lock_enter(enum lock_rank rank);
void lock_leave(enum lock_rank rank, uint64_t saved_mask);

/* As lock_enter(), but gives up after `nanoseconds` and returns false: for paths that must make
 * progress even if another thread died or was stopped inside. */
bool lock_enter_within(enum lock_rank rank, uint64_t nanoseconds, uint64_t *saved_mask);

/* From here on locks do not block signals: the system call for it may not be allowed any more. A
 * signal handler that allocates may then wait for its own thread. */
void lock_spare_signals(void);

/* Around fork, by the forking thread. */
uint64_t lock_all_before_fork(void);
void lock_all_after_fork(uint64_t saved_mask);

/* In a child that was made without lock_all_before_fork() (raw clone): frees all locks, since their
 * holders do not exist here. */
void lock_reset_in_child(void);

#endif
