/* SPDX-License-Identifier: MIT */
#include "guard/own_signals.h"

#include "base/probe.h"
#include "base/sys.h"

#define FULL_SET 32 /* signals from which on a set was meant to be full */

static uint64_t ours, stop_bit;

void own_signals_init(int stop)
{
    stop_bit = own_signals_bit(stop);
    ours = own_signals_bit(SIGSEGV) | own_signals_bit(SIGBUS) | stop_bit;
}

uint64_t own_signals_mask(void)
{
    return ours;
}

uint64_t own_signals_left_out(uint64_t mask)
{
    return mask & (__builtin_popcountll(mask) < FULL_SET ? ~(ours & ~stop_bit) : ~ours);
}

const sigset_t *own_signals_left_out_of(const sigset_t *set, sigset_t *copy)
{
    if (!set)
        return NULL;
    sigemptyset(copy);
    if (!probe_copy(copy, set, sizeof(uint64_t))) /* the kernel reads no more, and answers EFAULT */
        return set;
    copy->__val[0] = own_signals_left_out(copy->__val[0]);
    return copy;
}

/* A mask may be inherited from whoever started the program, come with the thread's attributes, or
 * be one of libc's own threads. */
void own_signals_unblock(void)
{
    uint64_t mask = 0;
    sys_sigmask(SIG_BLOCK, NULL, &mask);
    uint64_t wanted = own_signals_left_out(mask);
    if (wanted != mask)
        sys_sigmask(SIG_SETMASK, &wanted, NULL);
}
