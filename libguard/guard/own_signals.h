/* SPDX-License-Identifier: MIT
 *
 * The signals that libguard uses and that are never blocked through libc: a blocked fault kills the
 * process, and a thread that cannot be stopped makes the leak check less exact.
 */
#ifndef GUARD_OWN_SIGNALS_H
#define GUARD_OWN_SIGNALS_H

#include <signal.h>
#include <stdint.h>

/* The bit of a signal in a mask of the kernel's. */
static inline uint64_t own_signals_bit(int signal)
{
    return (uint64_t)1 << (signal - 1);
}

/* SIGSEGV, SIGBUS and the one that stops threads. Before it there are none. Once. */
void own_signals_init(int stop);

/* The mask of all of them. */
uint64_t own_signals_mask(void);

/* `mask` as a program may set it. Who blocks a few signals means each of them, perhaps to wait for
 * the one that stops threads; who blocks all does not mean it. */
uint64_t own_signals_left_out(uint64_t mask);

/* `set` so changed, in `copy`: for calls that wait with it. NULL if there is none; `set` itself if
 * there is no memory, which the kernel is to say. */
const sigset_t *own_signals_left_out_of(const sigset_t *set, sigset_t *copy);

/* Unblocks them for the calling thread. */
void own_signals_unblock(void);

#endif
