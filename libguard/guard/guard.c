/* SPDX-License-Identifier: MIT */
#include "guard/guard.h"

#include <limits.h>
#include <pthread.h>
#include <signal.h>

#include "base/lock.h"
#include "base/notice.h"
#include "base/own_memory.h"
#include "base/sys.h"
#include "guard/own_signals.h"
#include "guard/upward.h"
#include "heap/heap.h"
#include "stack/loaded_symbol.h"

struct guard_state guard;

static pthread_key_t thread_key;

const char *guard_color_flag(void)
{
    static const char *const flags[] = {"--color=auto", "--color=always", "--color=never"};
    return flags[guard.options.color];
}

struct thread guard_early_thread;

NOINLINE bool guard_prepare(void)
{
    if (guard.ready) {
        guard_upward.in_unannounced_child();
        return true;
    }
    if (!loaded_relocated()) {
        static struct thread_info nobody;
        guard_early_thread.info = &nobody;
        guard.passthrough = true;
        return false;
    }
    uint64_t mask = lock_enter(LOCK_INIT);
    if (!guard.ready)
        guard_upward.initialise();
    lock_leave(LOCK_INIT, mask);
    return true;
}

static void unblock_ours(void *unused)
{
    (void)unused;
    own_signals_unblock();
}

/* glibc 2.43 blocks all signals where the main thread ends, and calls the exit handlers from there
 * if no other thread is left. A fault in one of them would kill the process. The handler that was
 * registered last is called first. */
static void unblock_ours_at_exit(void)
{
    extern int __cxa_atexit(void (*)(void *), void *, void *);
    if (__cxa_atexit(unblock_ours, NULL, NULL))
        notice_once(MMT_NOTE_DEGRADED, "no exit handler could be registered; an error in those of "
                                       "the program may end it by SIGBUS or SIGSEGV");
}

/* Runs among the destructors of the thread's data; asks to be run again until the last round, so
 * that what other destructors free is still this thread's. */
static void end_thread(void *argument)
{
    struct guard_thread *local = argument;
    if (--local->rounds_left > 0 && !pthread_setspecific(thread_key, local))
        return;
    if (sys_gettid() == sys_getpid())
        unblock_ours_at_exit();
    stack_t none = {.ss_flags = SS_DISABLE};
    struct thread *self = thread_self();
    if (thread_is_spare(self) || !self->signal_stack)
        sys_call3(SYS_sigaltstack, (long)&none, 0, 0);
    heap_thread_end();
    thread_end();
}

static void start_thread(struct thread *self, struct guard_thread *local)
{
    local->rounds_left = PTHREAD_DESTRUCTOR_ITERATIONS;
    self->signal_stack = 0;
    own_signals_unblock();
    guard_give_own_stack(local);
    stack_t current = {.ss_flags = SS_DISABLE};
    sys_call3(SYS_sigaltstack, 0, (long)&current, 0);
    if (current.ss_flags & SS_DISABLE)
        guard_use_own_stack(local);
    else
        self->signal_stack = (uintptr_t)current.ss_sp;
    pthread_setspecific(thread_key, local);
}

void guard_notice_ends_of_threads(void)
{
    if (pthread_key_create(&thread_key, end_thread))
        notice_once(MMT_NOTE_INFO,
                    "no key for thread-specific data is left; ended threads are not noticed");
}

NOINLINE void guard_prepare_thread(struct thread *self)
{
    if (!guard.hooked)
        return;
    struct guard_thread *local = self->slot[THREAD_SLOT_ENTRY_KEPT];
    if (!local)
        local = self->slot[THREAD_SLOT_ENTRY_KEPT] = own_alloc(sizeof(*local));
    if (!local)
        return;
    self->slot[THREAD_SLOT_ENTRY] = local; /* before anything below can come back here */
    start_thread(self, local);
}
