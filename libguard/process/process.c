/* SPDX-License-Identifier: MIT */
#include "process/process.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "base/debug.h"
#include "base/lock.h"
#include "base/output.h"
#include "base/print.h"
#include "base/stack_switch.h"
#include "base/sys.h"
#include "calls/check_streams.h"
#include "diag/findings.h"
#include "guard/guard.h"
#include "heap/heap.h"
#include "process/ending.h"
#include "process/live_recording.h"
#include "process/own_mark.h"
#include "stack/capture.h"
#include "stack/sites.h"
#include "stack/unwind.h"
#include "trace/recorder.h"

static struct {
    uintptr_t exit_frame; /* of the call of exit() that is under way */
    _Atomic int32_t exit_thread;
    int quick_status;
    uintptr_t quick_frame;
} ending;

NEXT_FUNCTION(void, exit, (int));
NEXT_FUNCTION(void, quick_exit, (int));
NEXT_FUNCTION(int, fcloseall, (void));

/* ---- fork */

static uint64_t mask_before_fork;

/* libc's fork takes the lock of its list of streams after these handlers; whoever flushes all
 * streams holds it, and may allocate under it. Taking it first, which libc allows a thread to do
 * twice, keeps the order: streams, then the heap. */
extern void _IO_list_lock(void) __attribute__((weak));
extern void _IO_list_unlock(void) __attribute__((weak));
extern void _IO_list_resetlock(void) __attribute__((weak));

static void before_fork(void)
{
    if (_IO_list_lock)
        _IO_list_lock();
    mask_before_fork = lock_all_before_fork();
    own_mark_before_fork();
}

static void in_parent(void)
{
    own_mark_in_parent();
    lock_all_after_fork(mask_before_fork);
    if (_IO_list_unlock)
        _IO_list_unlock();
}

static void begin_child(void)
{
    DEBUG_LINE(DEBUG_PROCESS, "forked", {"parent", (uint64_t)sys_call3(SYS_getppid, 0, 0, 0)});
    thread_after_fork();
    heap_after_fork();
    findings_after_fork();
    sites_after_fork();
    ending_after_fork();
    ending.exit_frame = ending.quick_frame = 0;
    atomic_store(&ending.exit_thread, 0);
    guard.pid = sys_getpid();
    guard.process.flags |= MMT_PROCESS_FORKED;
    guard.process.start_time = sys_clock(CLOCK_REALTIME);
    atomic_store(guard.ready, 1);
    recorder_after_fork();
    own_mark_after_fork();
    own_mark_start();
    live_recording_start();
}

static void in_child(void)
{
    if (_IO_list_resetlock)
        _IO_list_resetlock();
    lock_all_after_fork(mask_before_fork);
    begin_child();
}

void process_in_unannounced_child(void)
{
    lock_reset_in_child();
    begin_child();
}

/* ---- the end
 *
 * exit() and _exit() are entered in assembly, which puts the caller's registers on the stack and
 * passes on where that was: from there up the stack is the program's, and what lies below are
 * remains of calls that have returned, where dead pointers would hide leaks. */

#define PUSH_REGISTERS                                                                             \
    "    .cfi_startproc\n"                                                                         \
    "    push %rbx\n    push %rbp\n    push %r12\n    push %r13\n    push %r14\n    push %r15\n"   \
    "    .cfi_adjust_cfa_offset 48\n"                                                              \
    "    .cfi_rel_offset %rbp, 32\n"                                                               \
    "    mov %rsp, %rsi\n"                                                                         \
    "    sub $8, %rsp\n"                                                                           \
    "    .cfi_adjust_cfa_offset 8\n"

#define NORETURN_ENTRY(name, function)                                                             \
    ".p2align 4\n.globl " #name "\n.type " #name ", @function\n" #name ":\n" PUSH_REGISTERS        \
    "    call " #function "\n"                                                                     \
    "    hlt\n    .cfi_endproc\n.size " #name ", . - " #name "\n"

__asm__(".text\n" NORETURN_ENTRY(exit, process_exit) NORETURN_ENTRY(quick_exit, process_quick_exit)
            NORETURN_ENTRY(_exit, process_underscore_exit)
                NORETURN_ENTRY(_Exit, process_underscore_exit));

__attribute__((visibility("hidden"), used)) _Noreturn void process_exit(int status, uintptr_t frame)
{
    /* Two threads in exit() are undefined in C. Later versions of libc let the second wait for
     * ever, and so do we: it would end the process while the first is still at work. */
    int32_t nobody = 0, self = sys_gettid();
    if (!atomic_compare_exchange_strong(&ending.exit_thread, &nobody, self) && nobody != self &&
        sys_getpid() == guard.pid)
        for (;;)
            sys_sleep(1000000000);
    if (!ending.exit_frame)
        ending.exit_frame = frame;
    NEXT(exit)(status);
    __builtin_unreachable();
}

__attribute__((visibility("hidden"), used)) _Noreturn void process_underscore_exit(int status,
                                                                                   uintptr_t frame)
{
    if (guard.hooked) {
        ending_finish(MMT_ENDING_UNDERSCORE_EXIT, status, (struct ending_caller){.frame = frame});
        status = ending_seal(status);
    }
    sys_exit_group(status);
}

/* The frame that called libc's exit(), when main() returned and nobody called ours; else where we
 * are. Its code is found by its address, since it is small. */
static uintptr_t frame_above_exit(struct stack_start start)
{
    enum { EXIT_CODE = 64, DEEPEST = 16 };
    struct unwind_frame frame = {.pc = start.pc, .cfa = start.cfa, .rbp = start.rbp};
    uintptr_t limit = thread_self()->stack_limit;
    for (int depth = 0; depth < DEEPEST; depth++) {
        bool in_exit = frame.pc - (uintptr_t)next_exit < EXIT_CODE;
        if (!unwind_step(&frame, limit))
            break;
        if (in_exit)
            return frame.cfa;
    }
    return start.cfa;
}

/* Another thread that comes to its exit while the first is at work, by returning from main() for
 * one, waits here for the end: it would set the process's status and cut the work short. Stands in
 * for at_exit() in libc's list, which is emptied as it is worked off. */
static void hold_others(int status, void *owner)
{
    (void)status;
    if ((intptr_t)owner == sys_gettid())
        return;
    on_exit(hold_others, owner);
    for (;;)
        sys_sleep(1000000000);
}

/* Who called our exit(), which has pushed six registers. */
static struct stack_start caller_of_exit(void)
{
    const uintptr_t *pushed = (const uintptr_t *)ending.exit_frame;
    return (struct stack_start){.pc = pushed[6], .cfa = (uintptr_t)(pushed + 7), .rbp = pushed[4]};
}

/* Of what libc has to do at exit only the last is left, to write out what is in its streams. It is
 * done from here, since it may run code of the program, and other threads go on beside it: what
 * they do wrong must be known when the status is. */
static void at_exit(int status, void *unused)
{
    (void)unused;
    on_exit(hold_others, (void *)(intptr_t)sys_gettid());
    uintptr_t frame = ending.exit_frame ? ending.exit_frame : frame_above_exit(STACK_START());
    if (sys_getpid() == guard.pid)
        check_streams_at_exit(ending.exit_frame ? caller_of_exit() : STACK_START());
    ending_finish(MMT_ENDING_EXIT, status, (struct ending_caller){.frame = frame});
    if (heap_in_sandbox() || sys_getpid() != guard.pid)
        return;
    NEXT(fcloseall)();
    sys_exit_group(ending_seal(status));
}

/* Runs after all other handlers. What quick_exit() would do next is end the process with its
 * status. */
static void at_quick_exit_hook(void)
{
    uintptr_t frame = ending.quick_frame ? ending.quick_frame : STACK_START().cfa;
    ending_finish(MMT_ENDING_QUICK_EXIT, ending.quick_status,
                  (struct ending_caller){.frame = frame});
    if (ending.quick_frame && !heap_in_sandbox() && sys_getpid() == guard.pid)
        sys_exit_group(ending_seal(ending.quick_status));
    ending_last();
}

__attribute__((visibility("hidden"), used)) _Noreturn void process_quick_exit(int status,
                                                                              uintptr_t frame)
{
    ending.quick_status = status;
    ending.quick_frame = frame;
    NEXT(quick_exit)(status);
    __builtin_unreachable();
}

/* What pthread_atfork() calls with the handle of the object it is linked into. That object's
 * handlers are taken out as the process ends, perhaps between another thread's before_fork() and
 * in_parent(), whose locks would then be held for ever. Without a handle they stay. */
extern int __register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void),
                             void *object);

void process_init(void)
{
    __register_atfork(before_fork, in_parent, in_child, NULL);
    on_exit(at_exit, NULL);
    at_quick_exit(at_quick_exit_hook);
}

struct end_by_signal {
    int signal;
    const void *context;
};

static void end_by_signal(void *argument)
{
    const struct end_by_signal *end = argument;
    ending_finish(MMT_ENDING_SIGNAL, end->signal, (struct ending_caller){.context = end->context});
    ending_last();
}

/* The stack that the handler runs on may be the program's, and just large enough for a handler of
 * its own. */
void process_end_by_signal(int signal, const void *context)
{
    struct end_by_signal end = {signal, context};
    char *stack = guard_own_stack_top();
    if (stack)
        stack_switch_call(end_by_signal, &end, stack);
    else
        end_by_signal(&end);
}

/* Stops the process until a debugger or SIGCONT lets it go on, and says so. */
static void stop(void)
{
    int output = output_open();
    if (output >= 0) {
        char text[160];
        struct print p;
        print_to_fd(&p, output, text, sizeof(text));
        print_text(&p, "mmguard: stopped; to look at it: gdb -p ");
        print_unsigned(&p, (uint64_t)sys_getpid());
        print_text(&p, "; to go on: kill -CONT ");
        print_unsigned(&p, (uint64_t)sys_getpid());
        print_char(&p, '\n');
        print_end(&p);
        output_close(output);
    }
    sys_call3(SYS_kill, sys_getpid(), SIGSTOP, 0);
}

/* Raises SIGTRAP for a debugger, whether the program blocks it or not. In the fault handler it
 * waits: once the handler has returned it arrives at the instruction that faulted. */
static void trap(bool in_fault_handler)
{
    uint64_t trap_bit = (uint64_t)1 << (SIGTRAP - 1), saved;
    sys_sigmask(in_fault_handler ? SIG_BLOCK : SIG_UNBLOCK, &trap_bit, &saved);
    sys_tgkill(sys_getpid(), sys_gettid(), SIGTRAP);
    if (!in_fault_handler)
        sys_sigmask(SIG_SETMASK, &saved, NULL);
}

void process_act_on_error(const struct mmt_finding *finding)
{
    if (guard.options.on_error == ON_ERROR_ABORT && !ending_in_this_thread())
        ending_abort();
    if (guard.options.on_error == ON_ERROR_STOP)
        stop();
    if (guard.options.on_error == ON_ERROR_TRAP)
        trap(finding->flags & MMT_FINDING_INSTRUCTION);
}
