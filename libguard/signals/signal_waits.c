/* SPDX-License-Identifier: MIT
 *
 * Calls that wait, or go on elsewhere, with another signal mask. A handler that runs meanwhile has
 * that mask too, and what must never be blocked (signals.h) must not be blocked there either.
 */
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>
#include <ucontext.h>

#include "calls/check.h"
#include "signals/signals.h"

CHECKED(int, sigsuspend, (const sigset_t *set))
{
    sigset_t copy;
    return NEXT(sigsuspend)(signals_without_ours(set, &copy));
}

CHECKED(int, ppoll,
        (struct pollfd * array, nfds_t count, const struct timespec *patience, const sigset_t *set))
{
    sigset_t copy;
    return NEXT(ppoll)(array, count, patience, signals_without_ours(set, &copy));
}

CHECKED(int, pselect,
        (int count, fd_set *restrict reading, fd_set *restrict writing, fd_set *restrict others,
         const struct timespec *restrict patience, const sigset_t *restrict set))
{
    sigset_t copy;
    return NEXT(pselect)(count, reading, writing, others, patience,
                         signals_without_ours(set, &copy));
}

CHECKED(int, epoll_pwait,
        (int descriptor, struct epoll_event *events, int count, int patience, const sigset_t *set))
{
    sigset_t copy;
    return NEXT(epoll_pwait)(descriptor, events, count, patience, signals_without_ours(set, &copy));
}

CHECKED(int, epoll_pwait2,
        (int descriptor, struct epoll_event *events, int count, const struct timespec *patience,
         const sigset_t *set))
{
    sigset_t copy;
    return NEXT(epoll_pwait2)(descriptor, events, count, patience,
                              signals_without_ours(set, &copy));
}

/* The context is changed where it is: how it came by its mask is the program's affair, and that it
 * may be written is what getcontext() relies on. */
static void leave_ours_unblocked(const ucontext_t *context)
{
    sigset_t copy;
    if (signals_without_ours(&context->uc_sigmask, &copy) != &copy)
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
