/* SPDX-License-Identifier: MIT
 *
 * Calls that wait, or go on elsewhere, with another signal mask. A handler that runs meanwhile has
 * that mask too, and what must never be blocked (own_signals.h) must not be blocked there either.
 */
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>
#include <ucontext.h>

#include "calls/check_answer.h"
#include "guard/own_signals.h"

#define WITHOUT_OURS(set) own_signals_left_out_of(set, &(sigset_t){0})

/* The kernel reads and writes whole words of a set of descriptors. */
#define SET_BYTES(count) ((size_t)((count) > 0 ? (count) + 63 : 0) / 64 * 8)
#define EVENT_BYTES      (result < 0 ? 1 : (size_t)result * sizeof(*events))

KERNEL_CALL(int, sigsuspend, (const sigset_t *set), (WITHOUT_OURS(set)), TOUCHED(set))
KERNEL_CALL(int, ppoll,
            (struct pollfd * array, nfds_t count, const struct timespec *patience,
             const sigset_t *set),
            (array, count, patience, WITHOUT_OURS(set)),
            OUT(array, result < 0 ? 1 : count * sizeof(*array)) TOUCHED(patience) TOUCHED(set))
KERNEL_CALL(int, pselect,
            (int count, fd_set *restrict reading, fd_set *restrict writing, fd_set *restrict others,
             const struct timespec *restrict patience, const sigset_t *restrict set),
            (count, reading, writing, others, patience, WITHOUT_OURS(set)),
            OUT(reading, SET_BYTES(count)) OUT(writing, SET_BYTES(count))
                OUT(others, SET_BYTES(count)) TOUCHED(patience) TOUCHED(set))
KERNEL_CALL(int, epoll_pwait,
            (int epoll, struct epoll_event *events, int count, int patience, const sigset_t *set),
            (epoll, events, count, patience, WITHOUT_OURS(set)),
            OUT(events, EVENT_BYTES) TOUCHED(set))
KERNEL_CALL(int, epoll_pwait2,
            (int epoll, struct epoll_event *events, int count, const struct timespec *patience,
             const sigset_t *set),
            (epoll, events, count, patience, WITHOUT_OURS(set)),
            OUT(events, EVENT_BYTES) TOUCHED(patience) TOUCHED(set))

/* The context is changed where it is: how it came by its mask is the program's affair, and that it
 * may be written is what getcontext() relies on. */
static void leave_ours_unblocked(const ucontext_t *context)
{
    sigset_t copy;
    if (own_signals_left_out_of(&context->uc_sigmask, &copy) != &copy)
        return; /* there is no context: the kernel says so */
    if (copy.__val[0] != context->uc_sigmask.__val[0])
        ((ucontext_t *)(uintptr_t)context)->uc_sigmask = copy;
}

CHECKED(int, setcontext, (const ucontext_t *context))
{
    leave_ours_unblocked(context);
    return NEXT(setcontext)(context);
}

CHECKED(int, swapcontext, (ucontext_t *restrict from, const ucontext_t *restrict to))
{
    leave_ours_unblocked(to);
    return NEXT(swapcontext)(from, to);
}
