/* SPDX-License-Identifier: MIT */
#include "process/ending.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "base/debug.h"
#include "base/lock.h"
#include "base/notice.h"
#include "base/output.h"
#include "base/print.h"
#include "base/program.h"
#include "base/sys.h"
#include "diag/findings.h"
#include "diag/helper.h"
#include "guard/damage.h"
#include "guard/guard.h"
#include "process/live_recording.h"
#include "process/lsan_hooks.h"
#include "process/own_mark.h"
#include "process/trace_file.h"
#include "trace/recorder.h"

#define LABEL_SIZE 256

static struct {
    _Atomic int32_t owner; /* tid of the thread that does the work; 0: none yet */
    _Atomic uint32_t done;
    bool findings;
    bool lost; /* there was a trace to write, and it could not be */
    bool abort; /* what was found at the end is an error to abort for */
    bool checked; /* `leaks` is what the program wants to be its last check */
    _Atomic uint32_t snapshots;
    uint32_t saved; /* how many errors are in the trace at `path` */
    char path[4096]; /* trace of the end, or of the last attempt to exec; "" if there is none */
    struct leak_result leaks;
    struct trace_file saving; /* LOCK_REPORT */
} end;

/* Blocks of the kinds that count as findings. What only definite leaks hold is part of them. */
static uint64_t counted_leaks(const struct leak_result *leaks)
{
    const uint64_t *blocks = leaks->blocks;
    if (!leaks->done)
        return 0;
    uint64_t counted = blocks[MMT_LEAK_DEFINITE] + blocks[MMT_LEAK_INDIRECT];
    if (guard.options.leak_kinds >= LEAK_KINDS_POSSIBLE)
        counted += blocks[MMT_LEAK_POSSIBLE];
    if (guard.options.leak_kinds >= LEAK_KINDS_REACHABLE)
        counted += blocks[MMT_LEAK_REACHABLE];
    return counted;
}

/* Returns true if there is nothing to report: libguard does not know the names that suppressions
 * are about, mmreport does. */
static bool print_report(int trace, const struct leak_result *leaks)
{
    static const char *const kinds[] = {"--leak-kinds=definite", "--leak-kinds=possible",
                                        "--leak-kinds=reachable"};
    int output = output_open();
    if (output < 0)
        return false;
    const char *const arguments[] = {
        "mmreport", "_ending", guard_color_flag(), kinds[guard.options.leak_kinds], "-", NULL};
    int result = helper_run(arguments, trace, output);
    if (result < 0) {
        char buffer[512];
        struct print p;
        print_to_fd(&p, output, buffer, sizeof(buffer));
        print_text(&p, "mmguard: ");
        print_unsigned(&p, findings_total());
        print_text(&p, " errors, ");
        print_unsigned(&p, counted_leaks(leaks));
        print_text(&p, " leaked blocks in ");
        print_text(&p, program_name());
        print_text(&p, " (mmreport could not be run; the trace has the details)\n");
        print_end(&p);
    }
    output_close(output);
    return result == HELPER_NOTHING;
}

struct work {
    const struct leak_result *leaks;
    uint32_t snapshot;
    const char *label;
    bool print;
    bool discard; /* the file was wanted for the report only */
    bool again; /* takes the place of the trace at end.path */
    bool nothing; /* set if all there is is suppressed */
    char *path;
    size_t path_size;
    int result;
};

static void copy_path(struct work *work)
{
    if (!work->path_size)
        return;
    struct print p;
    print_to_buffer(&p, work->path, work->path_size);
    print_text(&p, end.saving.path);
    print_end(&p);
}

static void work_locked(void *argument)
{
    struct work *work = argument;
    struct trace_file *saving = &end.saving;
    saving->leaks = work->leaks;
    saving->snapshot = work->snapshot;
    saving->label = work->label;
    saving->earlier = work->again ? end.path : "";
    uint32_t errors = findings_total();
    int trace = trace_file_write(saving);
    DEBUG_LINE(DEBUG_PROCESS, "trace written", {"failed", trace < 0}, {"errors", errors});
    work->result = trace < 0 || saving->lost ? -EIO : 0;
    copy_path(work);
    if (work->path == end.path)
        end.saved = errors;
    if (trace < 0)
        return;
    if (work->print && guard.options.report == REPORT_ALL)
        work->nothing = print_report(trace, saving->leaks);
    sys_close(trace);
    if (work->discard && saving->path[0])
        sys_call3(SYS_unlink, (long)saving->path, 0, 0);
}

static void do_work(struct work *work)
{
    stack_t program;
    bool left = guard_leave_program_stack(&program);
    uint64_t mask = lock_enter(LOCK_REPORT);
    findings_on_own_stack(work_locked, work);
    lock_leave(LOCK_REPORT, mask);
    if (left)
        guard_return_to_program_stack(&program);
}

static bool degraded(void)
{
    struct notice notices[NOTICE_MAX];
    bool found = false;
    for (uint32_t i = notice_list(notices, NOTICE_MAX); i-- > 0;)
        found |= notices[i].severity >= MMT_NOTE_DEGRADED;
    return found;
}

static void say_doubts(const struct leak_result *leaks)
{
    const char *doubt = leaks->done ? leaks->doubt : leaks->failure;
    if (doubt)
        notice_once(MMT_NOTE_INCOMPLETE, doubt);
}

static void look_and_sweep(struct ending_caller caller, bool last)
{
    if (guard.passthrough)
        return;
    bool scan = caller.frame || caller.context;
    damage_sweep(); /* of a program that is killed for its errors, too: this may be why */
    if (end.checked || !guard.options.leak_check || lsan_hooks_turned_off())
        return;
    if (scan) {
        if (caller.context)
            leak_check_interrupted(&end.leaks, caller.context, last);
        else
            leak_check_above(&end.leaks, caller.frame, last);
        say_doubts(&end.leaks);
    } else {
        leak_list(
            &end.leaks,
            "the process was killed: what lived is listed as reachable, leaks were not looked for");
    }
}

static void look_for_leaks(struct ending_caller caller, bool last)
{
    stack_t program;
    bool left = guard_leave_program_stack(&program);
    look_and_sweep(caller, last);
    if (left)
        guard_return_to_program_stack(&program);
}

/* Returns true if there are findings. */
static bool save_and_report(enum mmt_ending ending, int status, struct work *work)
{
    guard.process.ending = ending;
    guard.process.status = status;
    bool findings = !guard.ignored && (findings_total() || counted_leaks(&end.leaks));
    bool unknown = !end.leaks.done && end.leaks.group_count;
    work->leaks = &end.leaks;
    work->path = end.path;
    work->path_size = sizeof(end.path);
    work->print = findings || (ending != MMT_ENDING_EXEC &&
                               ((degraded() && !guard.ignored) || guard.options.keep));
    if (work->print || unknown)
        do_work(work);
    return findings && !work->nothing;
}

/* Errors that other threads reported since, or libc's last steps: the trace gets them, too. */
static void save_late(void)
{
    if (guard.ignored || findings_total() == end.saved)
        return;
    struct work work = {.leaks = &end.leaks,
                        .path = end.path,
                        .path_size = sizeof(end.path),
                        .print = !end.findings,
                        .again = true};
    findings_on_own_stack(work_locked, &work);
    end.findings |= !work.nothing;
}

static void finish(enum mmt_ending ending, int status, struct ending_caller caller)
{
    struct work work = {0};
    uint32_t before = findings_total();
    look_for_leaks(caller, true);
    end.abort = guard.options.on_error == ON_ERROR_ABORT && findings_total() > before;
    DEBUG_LINE(DEBUG_PROCESS, "ends", {"ending", (uint64_t)ending}, {"status", (uint64_t)status},
               {"errors", findings_total()}, {"leaks", counted_leaks(&end.leaks)});
    end.findings = save_and_report(end.abort ? MMT_ENDING_ABORT : ending, status, &work);
    recorder_stop();
    end.lost = work.result != 0;
    /* After exit() libc flushes its streams, for which it waits for locks that other threads may
     * hold: now they must go on. */
    if (ending == MMT_ENDING_EXIT)
        leak_let_threads_go();
}

/* The process may be ended by several threads at once: the first does the work, the others must not
 * end the process under its feet. No handler of the program runs meanwhile, which could leave by
 * longjmp; faults of our own probing must get through. */
bool ending_finish(enum mmt_ending ending, int status, struct ending_caller caller)
{
    if (heap_in_sandbox() || sys_getpid() != guard.pid)
        return false;
    uint64_t faults = (uint64_t)1 << (SIGSEGV - 1) | (uint64_t)1 << (SIGBUS - 1), all = ~faults,
             saved;
    sys_sigmask(SIG_BLOCK, &all, &saved);
    int32_t nobody = 0, self = sys_gettid();
    if (atomic_compare_exchange_strong(&end.owner, &nobody, self)) {
        finish(ending, status, caller);
        atomic_store(&end.done, 1);
        sys_futex_wake(&end.done, INT_MAX);
        if (end.abort)
            ending_abort();
    } else if (nobody != self) {
        struct timespec patience = {.tv_sec = 120};
        while (!atomic_load(&end.done) && sys_futex_wait(&end.done, 0, &patience) != -ETIMEDOUT)
            continue;
    }
    sys_sigmask(SIG_SETMASK, &saved, NULL);
    return end.findings;
}

#define PATIENCE ((uint64_t)10000000000u)

int ending_seal(int status)
{
    uint64_t mask;
    if (heap_in_sandbox() || sys_getpid() != guard.pid)
        return status;
    if (lock_enter_within(LOCK_REPORT, PATIENCE, &mask))
        save_late();
    own_mark_end(end.lost);
    return end.findings && !(status & 0xff) ? (int)guard.options.exitcode : status;
}

void ending_catch_up(void)
{
    uint64_t mask;
    if (heap_in_sandbox() || sys_getpid() != guard.pid ||
        !lock_enter_within(LOCK_REPORT, PATIENCE, &mask))
        return;
    save_late();
    lock_leave(LOCK_REPORT, mask);
}

void ending_last(void)
{
    ending_catch_up();
    if (sys_getpid() == guard.pid)
        own_mark_end(end.lost);
}

_Noreturn void ending_abort(void)
{
    ending_finish(MMT_ENDING_ABORT, -1, (struct ending_caller){0});
    ending_last();
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigaction(SIGABRT, &standard, NULL);
    uint64_t abort_bit = (uint64_t)1 << (SIGABRT - 1);
    for (;;) {
        sys_sigmask(SIG_UNBLOCK, &abort_bit, NULL);
        sys_tgkill(sys_getpid(), sys_gettid(), SIGABRT);
    }
}

bool ending_in_this_thread(void)
{
    return atomic_load(&end.owner) == sys_gettid() && sys_getpid() == guard.pid;
}

void ending_before_exec(struct ending_caller caller)
{
    if (sys_getpid() != guard.pid || atomic_load(&end.owner))
        return;
    if (guard.process.flags & MMT_PROCESS_FORKED && !findings_total() && !leak_any_own()) {
        recorder_stop();
        return;
    }
    struct work work = {0};
    bool checked = end.checked;
    end.path[0] = 0;
    look_for_leaks(caller, false);
    save_and_report(MMT_ENDING_EXEC, -1, &work);
    ending_catch_up(); /* printing the report takes time */
    recorder_stop();
    if (!checked)
        leak_result_free(&end.leaks);
}

void ending_exec_failed(void)
{
    if (sys_getpid() != guard.pid)
        return;
    guard.process.ending = MMT_ENDING_UNKNOWN;
    if (end.path[0])
        sys_call3(SYS_unlink, (long)end.path, 0, 0);
    end.path[0] = 0;
    end.saved = 0;
    if (!recorder_on() && !atomic_load(&end.owner))
        live_recording_start();
}

bool ending_check_now(uintptr_t frame, bool last)
{
    struct leak_result leaks;
    leak_check_above(&leaks, frame, false);
    bool found = counted_leaks(&leaks);
    say_doubts(&leaks);
    if (found) {
        struct work work = {.leaks = &leaks, .print = true, .discard = true};
        do_work(&work);
        found = !work.nothing;
    }
    if (last && leaks.done) {
        end.leaks = leaks;
        end.checked = true;
    } else {
        leak_result_free(&leaks);
    }
    return found;
}

int ending_snapshot(const char *label, struct ending_caller caller, char *path, size_t size)
{
    if (sys_getpid() != guard.pid)
        return -ESRCH;
    struct leak_result leaks;
    if (caller.context)
        leak_check_interrupted(&leaks, caller.context, false);
    else
        leak_check_above(&leaks, caller.frame, false);
    char kept[LABEL_SIZE];
    size_t length = min_size(text_length(label), sizeof(kept) - 1);
    copy_bytes(kept, label, length);
    kept[length] = 0;
    struct work work = {
        .leaks = &leaks,
        .snapshot = atomic_fetch_add(&end.snapshots, 1) + 1,
        .label = kept,
        .path = path,
        .path_size = size,
    };
    do_work(&work);
    leak_result_free(&leaks);
    return work.result;
}

void ending_after_fork(void)
{
    atomic_store(&end.owner, 0);
    atomic_store(&end.done, 0);
    leak_let_go();
    end.findings = false;
    end.saved = 0;
    end.path[0] = 0;
    atomic_store(&end.snapshots, 0);
    end.checked = false;
    end.leaks = (struct leak_result){0};
}
