/* SPDX-License-Identifier: MIT
 *
 * The two halves of the start (guard.h), and what the rooms below ask of those above: the one file
 * that includes all of them.
 */
#include <elf.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <time.h>

#include "alloc/operators.h"
#include "base/debug.h"
#include "base/fatal.h"
#include "base/moment.h"
#include "base/notice.h"
#include "base/output.h"
#include "base/own_memory.h"
#include "base/program.h"
#include "base/sys.h"
#include "diag/findings.h"
#include "diag/helper.h"
#include "guard/guard.h"
#include "guard/upward.h"
#include "heap/heap.h"
#include "leak/leak.h"
#include "process/children.h"
#include "process/environment.h"
#include "process/live_recording.h"
#include "process/own_mark.h"
#include "process/process.h"
#include "process/request.h"
#include "signals/exec_mask.h"
#include "signals/fault.h"
#include "signals/signals.h"
#include "stack/capture.h"

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
    debug_wanted = guard.options.report == REPORT_NONE ? 0 : (uint32_t)guard.options.debug;
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

__attribute__((constructor)) static void second_half(void)
{
    guard_find_next();
    guard_enter();
    if (program_auxiliary(AT_SECURE))
        notice_once(MMT_NOTE_INCOMPLETE,
                    "the program is set-user-ID or has capabilities; options are not read");
    guard_notice_ends_of_threads();
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
    DEBUG_LINE(DEBUG_PROCESS, "begins", {"parent", (uint64_t)sys_call3(SYS_getppid, 0, 0, 0)});
}

const struct guard_upward guard_upward = {
    .initialise = first_half,
    .in_unannounced_child = process_in_unannounced_child,
    .act_on_error = process_act_on_error,
    .end_by_signal = process_end_by_signal,
};
