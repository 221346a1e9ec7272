/* SPDX-License-Identifier: MIT */
#include "process/trace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/kept_files.h"
#include "base/lock.h"
#include "base/notice.h"
#include "base/own_memory.h"
#include "base/print.h"
#include "base/program.h"
#include "base/sys.h"
#include "diag/findings.h"
#include "guard/guard.h"
#include "heap/heap.h"
#include "process/lsan_hooks.h"
#include "stack/sites.h"

static void name_leaks(struct selection *selection, const struct leak_result *leaks)
{
    for (size_t i = 0; i < leaks->group_count; i++) {
        selection_name_stack(selection, leaks->groups[i].stack);
        selection_name_stack(selection, leaks->groups[i].holder);
        selection_name_thread(selection, leaks->groups[i].thread);
    }
}

static void put_leak_groups(struct trace_file *saving)
{
    struct trace_writer *writer = &saving->writer;
    const struct leak_result *leaks = saving->leaks;
    struct mmt_leaks head = {.count = leaks->group_count};
    trace_open_record(writer, MMT_LEAKS,
                      sizeof(head) + leaks->group_count * sizeof(struct mmt_leak));
    trace_put(writer, &head, sizeof(head));
    for (size_t i = 0; i < leaks->group_count; i++) {
        const struct leak_group *group = &leaks->groups[i];
        struct mmt_leak leak = {
            .stack = selection_stack(&saving->selection, group->stack),
            .thread = group->thread,
            .function = group->function,
            .kind = group->kind,
            .blocks = group->blocks,
            .bytes = group->bytes,
            .indirect_blocks = group->indirect_blocks,
            .indirect_bytes = group->indirect_bytes,
            .address = group->address,
        };
        if (group->kind == MMT_LEAK_INDIRECT)
            leak.holder = selection_stack(&saving->selection, group->holder);
        trace_put(writer, &leak, sizeof(leak));
    }
    trace_close_record(writer);
}

static void put_leaks(struct trace_file *saving)
{
    struct trace_writer *writer = &saving->writer;
    const struct leak_result *leaks = saving->leaks;
    struct mmt_leak_check check = {
        .status = leaks->done      ? MMT_LEAK_DONE
                  : leaks->failure ? MMT_LEAK_FAILED
                                   : MMT_LEAK_NOT_RUN,
        .threads = leaks->threads,
        .threads_unstopped = leaks->threads_unstopped,
        .unstopped_reasons = leaks->unstopped_reasons,
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
    if (leaks->group_count)
        put_leak_groups(saving);
    if (leaks->failure && leaks->group_count) {
        struct mmt_note note = {.severity = MMT_NOTE_INCOMPLETE};
        struct mmt_text *span = &note.text;
        struct trace_bytes text = {leaks->failure, text_length(leaks->failure)};
        trace_put_record(writer, MMT_NOTE, &note, sizeof(note), &span, &text, 1);
    }
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
        .findings = guard.ignored ? 0 : findings_total(),
        .findings_dropped = guard.ignored ? 0 : findings_dropped(),
    };
    trace_open_record(writer, MMT_COUNTERS, sizeof(counters));
    trace_put(writer, &counters, sizeof(counters));
    trace_close_record(writer);
}

static void put_snapshot(struct trace_writer *writer, const struct trace_file *saving)
{
    struct mmt_snapshot record = {.number = saving->snapshot, .time = sys_clock(0)};
    struct mmt_text *span = &record.label;
    struct trace_bytes text = {saving->label, text_length(saving->label)};
    trace_put_record(writer, MMT_SNAPSHOT, &record, sizeof(record), &span, &text, 1);
}

static void put_suppressions(struct trace_writer *writer)
{
    struct mmt_suppressions record;
    struct mmt_text *span = &record.text;
    const char *suppressions = lsan_hooks_suppressions();
    struct trace_bytes text = {suppressions, text_length(suppressions)};
    if (text.length)
        trace_put_record(writer, MMT_SUPPRESSIONS, &record, sizeof(record), &span, &text, 1);
}

/* Code that the program has generated lies in no module; runtimes leave its names in a file for
 * perf. Anybody can make a file in /tmp. */
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
    long fd = sys_open_regular(text + sizeof(intro) - 1, O_RDONLY | O_NOFOLLOW);
    if (fd < 0)
        return;
    struct stat status;
    bool ours = !sys_failed(sys_call3(SYS_fstat, fd, (long)&status, 0)) &&
                (status.st_uid == 0 || status.st_uid == (uid_t)sys_call3(SYS_geteuid, 0, 0, 0));
    sys_close((int)fd);
    if (ours)
        trace_put_note(writer, MMT_NOTE_INFO, text);
}

/* 0 or -errno. */
static long trace_file_write_all(struct trace_file *saving, int fd)
{
    struct trace_writer *writer = &saving->writer;
    trace_start(writer, fd);
    trace_put_process(writer, &guard.process);
    if (saving->snapshot)
        put_snapshot(writer, saving);
    uint32_t sites = sites_count();
    struct selection *selection = &saving->selection;
    selection_begin(selection);
    if (!guard.ignored)
        findings_name(selection);
    if (saving->leaks)
        name_leaks(selection, saving->leaks);
    trace_name_sites(selection, sites);
    selection_number(selection);
    selection_put_modules(selection, writer);
    selection_put_stacks(selection, writer);
    trace_put_sites(writer, selection, sites);
    selection_put_threads(selection, writer);
    if (!guard.ignored)
        findings_put(writer, selection);
    if (saving->leaks)
        put_leaks(saving);
    selection_end(selection);
    put_suppressions(writer);
    put_counters(writer);
    put_perf_map(writer);
    trace_put_notices(writer);
    return trace_finish(writer);
}

void trace_file_directory(char *path, size_t size)
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

static bool is_kept(const char *directory)
{
    static const char kept[] = MMT_FOLDER_KEPT;
    return !__builtin_strncmp(last_component(directory), kept, sizeof(kept) - 1);
}

bool trace_file_is_left(char *directory, size_t size)
{
    static const char thrown_away[] = MMT_FOLDER;
    struct stat status;
    trace_file_directory(directory, size);
    return !sys_failed(sys_call3(SYS_stat, (long)directory, (long)&status, 0)) &&
           status.st_mode & MMT_FOLDER_LEFT &&
           (is_kept(directory) ||
            !__builtin_strncmp(last_component(directory), thrown_away, sizeof(thrown_away) - 1));
}

/* What mmguard would have done. It may still be at it: one of us moves the file. */
static void follow_launcher(struct trace_file *saving)
{
    enum { MOST_NAMES = 1000 };
    char directory[2048], target[sizeof(saving->path)];
    if (!trace_file_is_left(directory, sizeof(directory)))
        return;
    if (!is_kept(directory)) {
        if (saving->snapshot)
            return;
        sys_call3(SYS_unlink, (long)saving->path, 0, 0);
        saving->path[0] = 0;
        return;
    }
    const char *name = last_component(saving->path);
    size_t stem = text_length(name) - (sizeof(MMT_SUFFIX) - 1);
    long result = -EEXIST;
    for (unsigned number = 0; result == -EEXIST && number < MOST_NAMES; number++) {
        struct print p;
        print_to_buffer(&p, target, sizeof(target));
        print_bytes(&p, directory, (size_t)(last_component(directory) - directory));
        print_bytes(&p, name, stem);
        if (number) {
            print_char(&p, '-');
            print_unsigned(&p, number + 1);
        }
        print_text(&p, MMT_SUFFIX);
        print_end(&p);
        result = trace_rename(saving->path, target);
    }
    if (!sys_failed(result))
        copy_bytes(saving->path, target, text_length(target) + 1);
}

/* Of what trace_file_reserve() made. */
static struct {
    struct kept_file file;
    char path[4096];
} reserved;

void trace_file_reserve(void)
{
    char directory[2048];
    uint64_t mask = lock_enter(LOCK_REPORT);
    trace_file_directory(directory, sizeof(directory));
    int fd =
        reserved.file.fd ? -1 : trace_create(directory, "", reserved.path, sizeof(reserved.path));
    if (fd >= 0 && sys_failed(trace_publish(reserved.path))) {
        sys_call3(SYS_unlink, (long)reserved.path, 0, 0);
        sys_close(fd);
    } else if (fd >= 0) {
        kept_file_set(&reserved.file, fd);
    }
    lock_leave(LOCK_REPORT, mask);
}

static bool is_reserved(const struct trace_file *saving)
{
    return reserved.file.fd && !__builtin_strcmp(saving->path, reserved.path);
}

static int open_reserved(struct trace_file *saving)
{
    long fd = kept_file_open(&reserved.file);
    if (!sys_failed(fd) && sys_failed(sys_call3(SYS_ftruncate, fd, 0, 0))) {
        sys_close((int)fd);
        return -EACCES;
    }
    copy_bytes(saving->path, reserved.path, text_length(reserved.path) + 1);
    return (int)fd;
}

static int trace_file_create(struct trace_file *saving)
{
    if (reserved.file.fd && !saving->snapshot) {
        int fd = open_reserved(saving);
        if (fd >= 0)
            return fd;
    }
    char directory[2048], tag[32];
    struct print p;
    trace_file_directory(directory, sizeof(directory));
    print_to_buffer(&p, tag, sizeof(tag));
    if (saving->snapshot) {
        print_text(&p, MMT_SNAPSHOT_TAG);
        print_unsigned(&p, saving->snapshot);
    }
    print_end(&p);
    return trace_create(directory, tag, saving->path, sizeof(saving->path));
}

static long publish(struct trace_file *saving)
{
    if (is_reserved(saving))
        return 0;
    return saving->earlier[0] ? trace_replace(saving->path, saving->earlier)
                              : trace_publish(saving->path);
}

int trace_file_write(struct trace_file *saving)
{
    int fd = trace_file_create(saving);
    saving->lost = false;
    if (fd >= 0 && !trace_file_write_all(saving, fd) && !publish(saving)) {
        if (!saving->earlier[0])
            follow_launcher(saving);
        return fd;
    }
    notice_once(MMT_NOTE_INCOMPLETE, fd < 0
                                         ? "the trace file cannot be created in the directory of "
                                           "option 'dir'; nothing is recorded"
                                         : "the trace file cannot be written; is the disk full?");
    if (fd >= 0) {
        sys_call3(SYS_unlink, (long)saving->path, 0, 0);
        sys_close(fd);
    }
    saving->path[0] = 0;
    saving->lost = true;
    fd = (int)sys_call3(SYS_memfd_create, (long)"mmguard-trace", 1 /* MFD_CLOEXEC */, 0);
    if (fd < 0)
        return -1;
    if (!trace_file_write_all(saving, fd))
        return fd;
    sys_close(fd);
    return -1;
}
