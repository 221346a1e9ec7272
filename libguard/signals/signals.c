/* SPDX-License-Identifier: MIT */
#include "signals/signals.h"

#include <errno.h>
#include <stddef.h>
#include <ucontext.h>

#include "base/debug.h"
#include "base/lock.h"
#include "base/stack_switch.h"
#include "base/sys.h"
#include "calls/check_answer.h"
#include "guard/guard.h"
#include "guard/own_signals.h"
#include "guard/upward.h"
#include "leak/leak.h"
#include "page/backend.h"
#include "signals/killed.h"

#define SIGNALS 65

/* As the kernel wants it; libc's struct sigaction has another layout. */
struct kernel_action {
    void *handler;
    unsigned long flags;
    void *restorer;
    uint64_t mask;
};

static struct {
    bool kept[SIGNALS]; /* our handler is installed */
    struct sigaction actions[SIGNALS]; /* the program's, for these */
} signals;

NEXT_FUNCTION(int, sigaction, (int, const struct sigaction *, struct sigaction *));

static uint64_t mask_of(const sigset_t *set)
{
    return (uint64_t)set->__val[0];
}

/* The signal that stops threads, when it was not sent to stop one: the program uses it as well. One
 * that came by tgkill() may be ours and late, which a program that does nothing with the signal
 * must not be killed by. */
static void pass_on_stray(int signal, siginfo_t *info, void *context)
{
    if (info->si_code == SI_TKILL && signals.actions[signal].sa_handler == SIG_DFL)
        return;
    signals_pass_on(signal, info, context);
}

void signals_init(void)
{
    int stop = leak_stop_signal();
    own_signals_init(stop);
    signals.kept[stop] = true;
    leak_on_stray(pass_on_stray);
    killed_init(NEXT(sigaction));
}

void signals_install(int signal, void (*handler)(int, siginfo_t *, void *))
{
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    action.sa_sigaction =
        handler; /* not deferred: the handler itself probes memory that may fault */
    NEXT(sigaction)(signal, &action, &signals.actions[signal]);
    signals.kept[signal] = true;
    DEBUG_LINE(DEBUG_SIGNALS, "handler installed", {"signal", (uint64_t)signal});
}

/* Whether this is a child made by vfork(): what the program asks for there is not for its parent,
 * whose memory this is. */
static bool shares_memory(void)
{
    guard_enter();
    return sys_getpid() != guard.pid;
}

EXPORT int sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
    if (signal > 0 && signal < SIGNALS && signals.kept[signal] && !shares_memory()) {
        uint64_t saved = lock_enter(LOCK_SIGNALS);
        struct sigaction before = signals.actions[signal];
        if (action)
            signals.actions[signal] = *action;
        lock_leave(LOCK_SIGNALS, saved);
        if (action)
            DEBUG_LINE(DEBUG_SIGNALS, "kept for the program", {"signal", (uint64_t)signal},
                       {"at", (uintptr_t)action->sa_handler});
        if (old)
            *old = before;
        return 0;
    }
    if (!action) {
        int result = NEXT(sigaction)(signal, NULL, old);
        if (!result && old)
            killed_hide(old);
        return result;
    }
    struct sigaction changed = *action;
    changed.sa_mask.__val[0] &= ~own_signals_mask();
    killed_want(signal, &changed);
    int result = NEXT(sigaction)(signal, &changed, old);
    if (!result && old)
        killed_hide(old);
    return result;
}

static void (*set_handler(int signal, void (*handler)(int), int flags))(int)
{
    struct sigaction action = {.sa_flags = flags}, old;
    action.sa_handler = handler;
    return sigaction(signal, &action, &old) ? SIG_ERR : old.sa_handler;
}

EXPORT void (*signal(int signal, void (*handler)(int)))(int)
{
    if (handler == SIG_ERR) {
        errno = EINVAL;
        return SIG_ERR;
    }
    return set_handler(signal, handler, SA_RESTART);
}

EXPORT void (*bsd_signal(int number, void (*handler)(int)))(int)
{
    return signal(number, handler);
}

EXPORT void (*__sysv_signal(int signal, void (*handler)(int)))(int)
{
    return set_handler(signal, handler, SA_RESETHAND | SA_NODEFER);
}

EXPORT void (*sysv_signal(int signal, void (*handler)(int)))(int)
{
    return __sysv_signal(signal, handler);
}

EXPORT int sigignore(int number)
{
    return set_handler(number, SIG_IGN, 0) == SIG_ERR ? -1 : 0;
}

EXPORT int siginterrupt(int number, int interrupt)
{
    struct sigaction action;
    if (sigaction(number, NULL, &action))
        return -1;
    action.sa_flags = interrupt ? action.sa_flags & ~SA_RESTART : action.sa_flags | SA_RESTART;
    return sigaction(number, &action, NULL);
}

/* The X/Open form: SIG_HOLD blocks, everything else unblocks and sets. */
EXPORT void (*sigset(int number, void (*handler)(int)))(int)
{
    sigset_t set, before;
    sigemptyset(&set);
    if (handler == SIG_ERR || sigaddset(&set, number)) {
        errno = EINVAL;
        return SIG_ERR;
    }
    struct sigaction action;
    if (sigaction(number, NULL, &action) ||
        sigprocmask(handler == SIG_HOLD ? SIG_BLOCK : SIG_UNBLOCK, &set, &before))
        return SIG_ERR;
    void (*old)(int) = sigismember(&before, number) ? SIG_HOLD : action.sa_handler;
    return handler != SIG_HOLD && set_handler(number, handler, 0) == SIG_ERR ? SIG_ERR : old;
}

/* ---- masks */

static int set_mask(int how, const sigset_t *set, sigset_t *old)
{
    uint64_t mask = 0;
    if (set) {
        mask = mask_of(set);
        if (how != SIG_UNBLOCK)
            mask = own_signals_left_out(mask);
        /* The two signals libc keeps for itself are never blocked either. */
        mask &= ~(own_signals_bit(32) | own_signals_bit(33));
    }
    /* The kernel writes the old mask: it answers EFAULT where there is no memory. */
    long result = sys_sigmask(how, set ? &mask : NULL, (uint64_t *)old);
    return (int)-result;
}

EXPORT int pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
    return set_mask(how, set, old);
}

EXPORT int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
    int error = set_mask(how, set, old);
    if (!error)
        return 0;
    errno = error;
    answer_again("sigprocmask", -1, ANSWER_OUT, old, sizeof(uint64_t));
    return -1;
}

/* The masks of BSD have as many signals as an int has bits. */
static int set_old_mask(int how, int mask)
{
    sigset_t set, old;
    sigemptyset(&set);
    sigemptyset(&old);
    set.__val[0] = (unsigned)mask;
    set_mask(how, &set, &old);
    return (int)old.__val[0];
}

EXPORT int sigblock(int mask)
{
    return set_old_mask(SIG_BLOCK, mask);
}

EXPORT int sigsetmask(int mask)
{
    return set_old_mask(SIG_SETMASK, mask);
}

EXPORT int sighold(int number)
{
    sigset_t set;
    sigemptyset(&set);
    return sigaddset(&set, number) ? -1 : sigprocmask(SIG_BLOCK, &set, NULL);
}

/* ---- the alternate stack */

EXPORT int sigaltstack(const stack_t *restrict stack, stack_t *restrict old)
{
    struct thread *self = guard_enter();
    struct guard_thread *local = thread_is_spare(self) ? NULL : self->slot[THREAD_SLOT_ENTRY];
    stack_t before = {.ss_flags = SS_DISABLE};
    sys_call3(SYS_sigaltstack, 0, (long)&before, 0);
    if (local && !self->signal_stack)
        before = (stack_t){.ss_flags = SS_DISABLE};
    if (stack) {
        long result = sys_call3(SYS_sigaltstack, (long)stack, 0, 0);
        if (sys_failed(result)) {
            errno = (int)-result;
            answer_again("sigaltstack", -1, ANSWER_IN, stack, sizeof(*stack));
            return -1;
        }
        if (local) {
            bool disable = stack->ss_flags & SS_DISABLE;
            self->signal_stack = disable ? 0 : (uintptr_t)stack->ss_sp;
            if (disable)
                guard_use_own_stack(local);
        }
    }
    if (old) {
        /* Written by the kernel first, which answers EFAULT where there is no memory. */
        long result = sys_call3(SYS_sigaltstack, 0, (long)old, 0);
        if (sys_failed(result)) {
            errno = (int)-result;
            answer_again("sigaltstack", -1, ANSWER_OUT, old, sizeof(*old));
            return -1;
        }
        *old = before;
    }
    return 0;
}

/* ---- faults that are not ours */

/* The program would be killed: let the kernel do it, so that the core dump and the parent see the
 * original signal. For a fault the instruction runs again; a signal that was sent is sent again. */
static void default_action(int signal, siginfo_t *info, const void *context)
{
    guard_upward.end_by_signal(signal, context);
    struct kernel_action standard = {0};
    sys_call4(SYS_rt_sigaction, signal, (long)&standard, 0, 8);
    if (info->si_code <= 0)
        sys_call4(SYS_rt_tgsigqueueinfo, sys_getpid(), sys_gettid(), signal, (long)info);
}

struct call {
    struct sigaction action;
    int signal;
    siginfo_t *info;
    void *context;
};

static void call_handler(void *argument)
{
    struct call *call = argument;
    if (call->action.sa_flags & SA_SIGINFO)
        call->action.sa_sigaction(call->signal, call->info, call->context);
    else
        call->action.sa_handler(call->signal);
}

/* Where a handler without SA_ONSTACK runs: below the red zone of what it interrupted; NULL to stay
 * on the present stack. */
static char *program_stack_top(const struct call *call)
{
    const ucontext_t *interrupted = call->context;
    uintptr_t top = align_down((uintptr_t)interrupted->uc_mcontext.gregs[REG_RSP] - 128, 64);
    if (call->action.sa_flags & SA_ONSTACK || page_faults((void *)(top - 64)) ||
        page_faults((void *)(top - PAGE_SIZE)))
        return NULL;
    return (char *)top;
}

bool signals_program_handles(int signal)
{
    uint64_t saved = lock_enter(LOCK_SIGNALS);
    struct sigaction action = signals.actions[signal];
    lock_leave(LOCK_SIGNALS, saved);
    return action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN;
}

void signals_pass_on(int signal, siginfo_t *info, void *context)
{
    struct call call = {.signal = signal, .info = info, .context = context};
    uint64_t saved = lock_enter(LOCK_SIGNALS);
    call.action = signals.actions[signal];
    bool fault = info->si_code > 0;
    if (call.action.sa_flags & SA_RESETHAND && call.action.sa_handler != SIG_IGN)
        signals.actions[signal].sa_handler = SIG_DFL;
    lock_leave(LOCK_SIGNALS, saved);
    DEBUG_LINE(DEBUG_SIGNALS, "passed on", {"signal", (uint64_t)signal},
               {"at", (uintptr_t)call.action.sa_handler});
    if (call.action.sa_handler == SIG_IGN && !fault)
        return;
    if (call.action.sa_handler == SIG_DFL || call.action.sa_handler == SIG_IGN) {
        default_action(signal, info, context);
        return;
    }
    const ucontext_t *interrupted = context;
    uint64_t mask =
        mask_of(&interrupted->uc_sigmask) | (mask_of(&call.action.sa_mask) & ~own_signals_mask());
    if (!(call.action.sa_flags & SA_NODEFER))
        mask |= own_signals_bit(signal);
    sys_sigmask(SIG_SETMASK, &mask, NULL);
    char *top = program_stack_top(&call);
    if (top)
        stack_switch_call(call_handler, &call, top);
    else
        call_handler(&call);
}
