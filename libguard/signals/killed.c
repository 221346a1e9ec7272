/* SPDX-License-Identifier: MIT */
#include "signals/killed.h"

#include <stdint.h>

#include "base/bits.h"
#include "base/sys.h"
#include "guard/guard.h"
#include "guard/upward.h"

/* Someone, or the kernel, wants the process to end. */
static const uint8_t asked[] = {SIGHUP,  SIGINT,  SIGQUIT,   SIGPIPE, SIGALRM, SIGTERM,
                                SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF, SIGXCPU, SIGXFSZ};
/* The program is broken. The search for leaks only reads, and can stand memory in disorder. */
static const uint8_t broken[] = {SIGILL, SIGABRT, SIGFPE, SIGSYS};

static bool among(int signal, const uint8_t *list, size_t length)
{
    while (length)
        if (list[--length] == signal)
            return true;
    return false;
}

/* For a fault the instruction runs again and is the end; a signal that was sent is sent again, and
 * comes when this handler returns. */
static SIGNAL_HANDLER void on_signal(int signal, siginfo_t *info, void *context)
{
    guard_enter();
    bool fault =
        (signal == SIGILL || signal == SIGFPE) && info->si_code > 0 && info->si_code != SI_KERNEL;
    /* What the search needs may not be allowed where SIGSYS came from. */
    guard_upward.end_by_signal(signal, signal == SIGSYS ? NULL : context);
    struct {
        void *handler;
        unsigned long flags;
        void *restorer;
        uint64_t mask;
    } standard = {0};
    sys_call4(SYS_rt_sigaction, signal, (long)&standard, 0, sizeof(standard.mask));
    if (!fault && sys_failed(sys_call4(SYS_rt_tgsigqueueinfo, sys_getpid(), sys_gettid(), signal,
                                       (long)info)))
        sys_tgkill(sys_getpid(), sys_gettid(), signal);
}

static void make_ours(struct sigaction *action)
{
    *action = (struct sigaction){.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};
    action->sa_sigaction = on_signal;
    sigfillset(&action->sa_mask);
    sigdelset(&action->sa_mask, SIGSEGV);
    sigdelset(&action->sa_mask, SIGBUS);
}

void killed_want(int signal, struct sigaction *action)
{
    if (action->sa_handler == SIG_DFL &&
        (among(signal, asked, sizeof(asked)) || among(signal, broken, sizeof(broken))))
        make_ours(action);
}

void killed_hide(struct sigaction *action)
{
    if (action->sa_flags & SA_SIGINFO && action->sa_sigaction == on_signal)
        *action = (struct sigaction){.sa_handler = SIG_DFL};
}

static void killed_take_over(const uint8_t *list, size_t length,
                             int (*set)(int, const struct sigaction *, struct sigaction *))
{
    for (size_t i = 0; i < length; i++) {
        struct sigaction action;
        if (set(list[i], NULL, &action) || action.sa_handler != SIG_DFL)
            continue;
        make_ours(&action);
        set(list[i], &action, NULL);
    }
}

void killed_init(int (*set)(int, const struct sigaction *, struct sigaction *))
{
    killed_take_over(asked, sizeof(asked), set);
    killed_take_over(broken, sizeof(broken), set);
}
