/* SPDX-License-Identifier: MIT */
#include "entry/ending.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "base/lock.h"
#include "base/notice.h"
#include "base/output.h"
#include "base/own_memory.h"
#include "base/print.h"
#include "base/program.h"
#include "base/sys.h"
#include "diag/findings.h"
#include "diag/helper.h"
#include "entry/allocate.h"
#include "entry/guard.h"
#include "heap/heap.h"
#include "leak/leak.h"
#include "stack/sites.h"

static struct {
    _Atomic int32_t owner; /* tid of the thread that does the work; 0: none yet */
    _Atomic uint32_t done;
    bool findings;
    struct leak_result leaks;
    struct trace_writer writer;
    char path[4096];
} end;

/* Blocks of the kinds that count as findings. What only definite leaks hold is part of them. */
static uint64_t counted_leaks(void)
{
    const uint64_t *blocks = end.leaks.blocks;
    uint64_t counted = blocks[MMT_LEAK_DEFINITE] + blocks[MMT_LEAK_INDIRECT];
    if (guard.options.leak_kinds >= LEAK_KINDS_POSSIBLE)
        counted += blocks[MMT_LEAK_POSSIBLE];
    if (guard.options.leak_kinds >= LEAK_KINDS_REACHABLE)
        counted += blocks[MMT_LEAK_REACHABLE];
    return counted;
}

static void put_leaks(struct trace_writer *writer)
{
    const struct leak_result *leaks = &end.leaks;
    struct mmt_leak_check check = {
        .status = !guard.options.leak_check ? MMT_LEAK_NOT_RUN
                  : leaks->done             ? MMT_LEAK_DONE
                                            : MMT_LEAK_FAILED,
        .threads = leaks->threads,
        .threads_unstopped = leaks->threads_unstopped,
        .duration = leaks->duration,
        .root_bytes = leaks->root_bytes,
    };
    for (int kind = 0; kind < MMT_LEAK_KINDS; kind++) {
        check.blocks[kind] = leaks->blocks[kind];
        check.bytes[kind] = leaks->bytes[kind];
    }
    trace_open_record(writer, MMT_LEAK_CHECK, sizeof(check));
    trace_put(writer, &check, sizeof(check));
    trace_close_record(writer);
    if (!leaks->group_count)
        return;
    struct mmt_leaks head = {.count = leaks->group_count};
    trace_open_record(writer, MMT_LEAKS,
                      sizeof(head) + leaks->group_count * sizeof(struct mmt_leak));
    trace_put(writer, &head, sizeof(head));
    for (size_t i = 0; i < leaks->group_count; i++) {
        const struct leak_group *group = &leaks->groups[i];
        struct mmt_leak leak = {
            .stack = group->stack,
            .thread = group->thread,
            .function = group->function,
            .kind = group->kind,
            .blocks = group->blocks,
            .bytes = group->bytes,
            .indirect_blocks = group->indirect_blocks,
            .indirect_bytes = group->indirect_bytes,
            .address = group->address,
        };
        trace_put(writer, &leak, sizeof(leak));
    }
    trace_close_record(writer);
}

static void put_counters(struct trace_writer *writer)
{
    struct heap_counters heap;
    heap_count(&heap);
    struct mmt_counters counters = {
        .allocations = heap.allocations,
        .frees = heap.frees,
        .bytes_allocated = heap.bytes_allocated,
        .blocks_live = heap.blocks_live,
        .bytes_live = heap.bytes_live,
        .blocks_unguarded = heap.blocks_unguarded,
        .own_bytes = own_resident(),
        .findings = findings_total(),
        .findings_dropped = findings_dropped(),
    };
    trace_open_record(writer, MMT_COUNTERS, sizeof(counters));
    trace_put(writer, &counters, sizeof(counters));
    trace_close_record(writer);
}

/* Code that the program has generated lies in no module; runtimes leave its names in a file for perf. */
static void put_perf_map(struct trace_writer *writer)
{
    char text[64];
    static const char intro[] = "generated code is named in ";
    struct print p;
    print_to_buffer(&p, text, sizeof(text));
    print_text(&p, intro);
    print_text(&p, "/tmp/perf-");
    print_unsigned(&p, (uint64_t)sys_getpid());
    print_text(&p, ".map");
    print_end(&p);
    long fd = sys_openat(AT_FDCWD, text + sizeof(intro) - 1, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
    if (fd < 0)
        return;
    sys_close((int)fd);
    trace_put_note(writer, MMT_NOTE_INFO, text);
}

/* 0 or -errno. */
static long write_trace(int fd, bool leaks_known)
{
    struct trace_writer *writer = &end.writer;
    trace_start(writer, fd);
    trace_put_process(writer, &guard.process);
    uint32_t sites = sites_count();
    trace_put_modules(writer);
    trace_put_stacks(writer);
    trace_put_sites(writer, sites);
    trace_put_threads(writer);
    findings_put(writer);
    if (leaks_known)
        put_leaks(writer);
    put_counters(writer);
    put_perf_map(writer);
    trace_put_notices(writer);
    return trace_finish(writer);
}

/* `dir` as the option has it, made absolute with the directory the program started in, since it may have changed it. */
static void absolute_directory(char *path, size_t size)
{
    struct print p;
    print_to_buffer(&p, path, size);
    if (guard.options.dir[0] != '/') {
        print_text(&p, program_directory());
        print_char(&p, '/');
    }
    print_text(&p, guard.options.dir);
    print_end(&p);
}

/* The trace in the directory the user chose; if that cannot be done, in memory, so that at least the report is complete. The descriptor, or -1. */
static int save_trace(bool leaks_known)
{
    char directory[2048];
    absolute_directory(directory, sizeof(directory));
    int fd = trace_create(directory, end.path, sizeof(end.path));
    if (fd >= 0 && !write_trace(fd, leaks_known) && !trace_publish(end.path))
        return fd;
    notice_once(MMT_NOTE_INCOMPLETE, fd < 0
                                         ? "the trace file cannot be created in the directory of "
                                           "option 'dir'; nothing is recorded"
                                         : "the trace file cannot be written; is the disk full?");
    if (fd >= 0) {
        sys_call3(SYS_unlink, (long)end.path, 0, 0);
        sys_close(fd);
    }
    fd = (int)sys_call3(SYS_memfd_create, (long)"mmguard-trace", 1 /* MFD_CLOEXEC */, 0);
    if (fd < 0)
        return -1;
    if (!write_trace(fd, leaks_known))
        return fd;
    sys_close(fd);
    return -1;
}

static void print_report(int trace)
{
    static const char *const kinds[] = {"--leak-kinds=definite", "--leak-kinds=possible",
                                        "--leak-kinds=reachable"};
    int output = output_open();
    if (output < 0)
        return;
    const char *const arguments[] = {
        "mmreport", "_ending", guard_color_flag(), kinds[guard.options.leak_kinds], "-", NULL};
    if (helper_run(arguments, trace, output)) {
        char buffer[512];
        struct print p;
        print_to_fd(&p, output, buffer, sizeof(buffer));
        print_text(&p, "mmguard: ");
        print_unsigned(&p, findings_total());
        print_text(&p, " errors, ");
        print_unsigned(&p, counted_leaks());
        print_text(&p, " leaked blocks in ");
        print_text(&p, program_name());
        print_text(&p, " (mmreport could not be run; the trace has the details)\n");
        print_end(&p);
    }
    output_close(output);
}

struct finish {
    bool leaks_known, findings;
};

static void finish_locked(void *argument)
{
    struct finish *finish = argument;
    struct notice notices[NOTICE_MAX];
    bool degraded = false;
    for (uint32_t i = notice_list(notices, NOTICE_MAX); i-- > 0;)
        degraded |= notices[i].severity >= MMT_NOTE_DEGRADED;
    if (!finish->findings && !degraded && !guard.options.keep)
        return;
    int trace = save_trace(finish->leaks_known);
    if (trace < 0)
        return;
    if (guard.options.report == REPORT_ALL)
        print_report(trace);
    sys_close(trace);
}

static void finish(enum mmt_ending ending, int status, uintptr_t frame)
{
    struct finish state = {.leaks_known = frame != 0};
    if (frame)
        sweep_slack();
    if (frame && guard.options.leak_check) {
        leak_check_at_end(&end.leaks, frame);
        if (!end.leaks.done)
            notice_once(MMT_NOTE_INCOMPLETE, end.leaks.failure);
    }
    guard.process.ending = ending;
    guard.process.status = status;
    end.findings = state.findings = findings_total() || counted_leaks();
    uint64_t mask = lock_enter(LOCK_REPORT);
    findings_on_own_stack(finish_locked, &state);
    lock_leave(LOCK_REPORT, mask);
}

/* The process may be ended by several threads at once: the first does the work, the others must not end the process under its
 * feet. No handler of the program runs meanwhile, which could leave by longjmp; faults of our own probing must get through. */
bool ending_finish(enum mmt_ending ending, int status, uintptr_t frame)
{
    if (heap_in_sandbox() || sys_getpid() != guard.pid)
        return false;
    uint64_t faults = (uint64_t)1 << (SIGSEGV - 1) | (uint64_t)1 << (SIGBUS - 1), all = ~faults,
             saved;
    sys_sigmask(SIG_BLOCK, &all, &saved);
    int32_t nobody = 0, self = sys_gettid();
    if (atomic_compare_exchange_strong(&end.owner, &nobody, self)) {
        finish(ending, status, frame);
        atomic_store(&end.done, 1);
        sys_futex_wake(&end.done, INT_MAX);
    } else if (nobody != self) {
        struct timespec patience = {.tv_sec = 120};
        while (!atomic_load(&end.done) && sys_futex_wait(&end.done, 0, &patience) != -ETIMEDOUT)
            continue;
    }
    sys_sigmask(SIG_SETMASK, &saved, NULL);
    return end.findings;
}

void ending_after_fork(void)
{
    atomic_store(&end.owner, 0);
    atomic_store(&end.done, 0);
    end.findings = false;
    end.leaks = (struct leak_result){0};
}
