/* SPDX-License-Identifier: MIT */
#include "guard/guard.h"

#include <elf.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>

#include "base/fatal.h"
#include "base/lock.h"
#include "base/notice.h"
#include "base/output.h"
#include "base/moment.h"
#include "base/own_memory.h"
#include "base/program.h"
#include "base/sys.h"
#include "diag/findings.h"
#include "diag/helper.h"
#include "signals/exec_mask.h"
#include "signals/fault.h"
#include "process/children.h"
#include "alloc/operators.h"
#include "process/process.h"
#include "process/live_recording.h"
#include "process/own_mark.h"
#include "process/request.h"
#include "signals/signals.h"
#include "process/environment.h"
#include "heap/heap.h"
#include "leak/leak.h"
#include "stack/capture.h"
#include "stack/loaded_symbol.h"

#define ALTERNATE_STACK ((size_t)64 << 10)

struct guard_state guard;

static pthread_key_t thread_key;

static void read_options(void)
{
    static char message[1024];
    if (program_auxiliary(AT_SECURE)) /* never obey the environment of a set-user-ID program */
        options_parse(&guard.options, NULL, message, sizeof(message));
    else if (options_parse(&guard.options, program_variable("MMGUARD_OPTIONS"), message,
                           sizeof(message)))
        fatal_about("MMGUARD_OPTIONS: ", message);
}

/* The heap works as in any other program, for a block may be freed by another rule than it was
 * allocated under; but nobody looks. */
static void leave_out(void)
{
    guard.ignored = true;
    guard.options.leak_check = guard.options.record = guard.options.exitcode = 0;
    guard.options.on_error = ON_ERROR_CONTINUE;
    guard.options.report = REPORT_NONE;
}

/* Valgrind preloads objects of its own, replaces our malloc, and takes what we do on purpose for
 * errors of the program. */
static bool runs_on_valgrind(void)
{
    static const char mark[] = "/vgpreload_core-";
    const char *preloaded = program_variable("LD_PRELOAD");
    for (; preloaded && *preloaded; preloaded++) {
        size_t same = 0;
        while (mark[same] && preloaded[same] == mark[same])
            same++;
        if (!mark[same])
            return true;
    }
    return false;
}

static void start_heap(void)
{
    if (runs_on_valgrind()) {
        guard.passthrough = true;
        guard.options.report = REPORT_NONE;
        notice_once(MMT_NOTE_INCOMPLETE, "the program runs on Valgrind; it is left to that");
        return;
    }
    struct heap_options options = {
        .backend = (int)guard.options.backend,
        .alignment = (size_t)guard.options.align,
        .placement = (enum heap_placement)guard.options.placement,
        .history = (size_t)guard.options.history,
        .guard = guard.options.guard,
        .revoke = guard.options.revoke,
        .budget = guard.options.budget,
    };
    int result = heap_init(&options);
    if (!result)
        return;
    if (guard.options.backend != BACKEND_AUTO)
        fatal("the backend that was asked for does not work here");
    guard.passthrough = true;
    notice_once(
        MMT_NOTE_INCOMPLETE,
        "no address space for the heap can be reserved; the program runs unguarded (ulimit -v)");
}

const char *guard_color_flag(void)
{
    static const char *const flags[] = {"--color=auto", "--color=always", "--color=never"};
    return flags[guard.options.color];
}

static void first_half(void)
{
    guard.passthrough = false;
    program_init();
#ifdef SYS_FAIL
    sys_fail_init();
#endif
    read_options();
    if (!guard.options.arguments)
        program_forget_arguments();
    if (!children_wants(guard.options.follow, program_name()))
        leave_out();
    output_init(guard.options.log, guard.options.report == REPORT_NONE);
    start_heap();
    stack_set_depth((unsigned)guard.options.depth);
    helper_init(guard.options.symbolizer);
    struct findings_options options = {
        .limit = (uint32_t)guard.options.max_errors,
        .print = guard.options.report != REPORT_NONE,
        .symbolize = guard.options.symbolize,
        .color = guard_color_flag(),
    };
    findings_init(&options);
    moment_start();
    guard.pid = sys_getpid();
    guard.process.start_time = sys_clock(CLOCK_REALTIME);
    guard.process.status = -1;
    guard.process.flags = guard.options.builtin_suppressions ? 0 : MMT_PROCESS_ALL_LEAKS;
    guard.process.backend = guard.passthrough ? "none" : heap_backend();
    static _Atomic uint32_t always_ready = 1;
    _Atomic uint32_t *ready = own_map(sizeof(*ready));
    if (ready) {
        sys_advise((void *)ready, PAGE_SIZE, MADV_WIPEONFORK);
        atomic_store(ready, 1);
    }
    guard.ready = ready ? ready : &always_ready;
    own_mark_start();
    live_recording_start();
}

struct thread guard_early_thread;

NOINLINE bool guard_prepare(void)
{
    if (guard.ready) {
        process_in_unannounced_child();
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
        first_half();
    lock_leave(LOCK_INIT, mask);
    return true;
}

static void unblock_ours(void *unused)
{
    (void)unused;
    signals_unblock_ours();
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

char *guard_own_stack_top(void)
{
    struct thread *self = thread_current;
    const struct guard_thread *local =
        self && !thread_is_spare(self) ? self->slot[THREAD_SLOT_ENTRY] : NULL;
    if (!local || !local->alternate_stack)
        return NULL;
    char *bottom = local->alternate_stack, *here = __builtin_frame_address(0);
    return here >= bottom && here < bottom + ALTERNATE_STACK ? NULL : bottom + ALTERNATE_STACK;
}

/* Cut from slabs, so that thousands of threads cost few mappings. Stacks are never given back: they
 * stay with the thread's record. */
static void *new_alternate_stack(void)
{
    enum { PER_SLAB = 64 };
    static char *next;
    static unsigned left;
    uint64_t mask = lock_enter(LOCK_THREADS);
    if (!left) {
        next = own_map(PER_SLAB * ALTERNATE_STACK);
        left = next ? PER_SLAB : 0;
    }
    char *stack = NULL;
    if (left) {
        stack = next;
        next += ALTERNATE_STACK;
        left--;
    }
    lock_leave(LOCK_THREADS, mask);
    return stack;
}

void guard_use_own_stack(struct guard_thread *local)
{
    if (!local->alternate_stack)
        return;
    stack_t own = {.ss_sp = local->alternate_stack, .ss_size = ALTERNATE_STACK};
    sys_call3(SYS_sigaltstack, (long)&own, 0, 0);
}

bool guard_leave_program_stack(stack_t *before)
{
    struct thread *self = guard_enter();
    struct guard_thread *local = thread_is_spare(self) ? NULL : self->slot[THREAD_SLOT_ENTRY];
    if (!local || !self->signal_stack || !local->alternate_stack)
        return false;
    stack_t own = {.ss_sp = local->alternate_stack, .ss_size = ALTERNATE_STACK};
    return !sys_failed(sys_call3(SYS_sigaltstack, (long)&own, (long)before, 0));
}

void guard_return_to_program_stack(const stack_t *before)
{
    sys_call3(SYS_sigaltstack, (long)before, 0, 0);
}

static void start_thread(struct thread *self, struct guard_thread *local)
{
    local->rounds_left = PTHREAD_DESTRUCTOR_ITERATIONS;
    self->signal_stack = 0;
    signals_unblock_ours();
    if (!local->alternate_stack)
        local->alternate_stack = new_alternate_stack();
    stack_t current = {.ss_flags = SS_DISABLE};
    sys_call3(SYS_sigaltstack, 0, (long)&current, 0);
    if (current.ss_flags & SS_DISABLE)
        guard_use_own_stack(local);
    else
        self->signal_stack = (uintptr_t)current.ss_sp;
    pthread_setspecific(thread_key, local);
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

__attribute__((constructor)) static void second_half(void)
{
    guard_find_next();
    guard_enter();
    if (program_auxiliary(AT_SECURE))
        notice_once(MMT_NOTE_INCOMPLETE,
                    "the program is set-user-ID or has capabilities; options are not read");
    if (pthread_key_create(&thread_key, end_thread))
        notice_once(MMT_NOTE_INFO,
                    "no key for thread-specific data is left; ended threads are not noticed");
    operators_init();
    signals_init();
    fault_init();
    if (leak_init((int)guard.options.leak_pointers))
        notice_once(MMT_NOTE_DEGRADED,
                    "the signal that stops threads for the leak check cannot be set up");
    process_init();
    environment_check();
    request_init();
    guard.hooked = true;
    guard_enter();
    exec_mask_begin();
}
