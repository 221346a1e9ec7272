/* SPDX-License-Identifier: MIT */
#include "trace/process_mark.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "base/bits.h"
#include "base/own_memory.h"
#include "base/print.h"
#include "base/sys.h"

/* More than a mark and the errors of a process take, so that writing one raises no signal. */
#define LARGEST_FILE ((size_t)16 << 20)

static struct {
    char path[4096];
    char *file; /* the mapping; NULL: there is no mark */
    struct mmt_mark *record;
    uint64_t inode;
    uint64_t end; /* where the next record goes */
    struct trace_writer writer;
} mark;

static void print_path(struct print *p, const char *directory, int pid, unsigned number)
{
    print_text(p, directory);
    print_text(p, "/mmguard-");
    print_unsigned(p, (uint64_t)pid);
    if (number) {
        print_char(p, '-');
        print_unsigned(p, number + 1);
    }
    print_text(p, MMT_MARK_SUFFIX);
}

static void process_mark_set_path(const char *directory, unsigned number)
{
    struct print p;
    print_to_buffer(&p, mark.path, sizeof(mark.path));
    print_path(&p, directory, sys_getpid(), number);
    print_end(&p);
}

/* Whether the file is the mark of what this process was before it became another program. */
static bool is_of_exec(int fd)
{
    struct {
        struct mmt_header header;
        struct mmt_record record;
    } head;
    struct {
        struct mmt_record record;
        struct mmt_mark mark;
    } body;
    struct stat status;
    if (sys_failed(sys_call3(SYS_fstat, fd, (long)&status, 0)) || !S_ISREG(status.st_mode) ||
        status.st_uid != (uid_t)sys_call3(SYS_geteuid, 0, 0, 0) ||
        sys_call4(SYS_pread64, fd, (long)&head, sizeof(head), 0) != sizeof(head))
        return false;
    long at = (long)(sizeof(head) + align_up(head.record.length, 8));
    return sys_call4(SYS_pread64, fd, (long)&body, sizeof(body), at) == sizeof(body) &&
           body.record.type == MMT_MARK && body.mark.state == MMT_MARK_EXEC;
}

static int process_mark_take_over(void)
{
    long fd = sys_openat(AT_FDCWD, mark.path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0);
    if (sys_failed(fd) || is_of_exec((int)fd))
        return (int)fd;
    sys_close((int)fd);
    return -EEXIST;
}

/* A name that is taken may be that of a process that was killed, of one in another pid namespace,
 * or of what the process was before it became another program without a word. */
static int process_mark_create(const char *directory)
{
    enum { MOST_NAMES = 1000 };
    for (unsigned number = 0; number < MOST_NAMES; number++) {
        process_mark_set_path(directory, number);
        long fd = sys_openat(AT_FDCWD, mark.path,
                             O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd == -EEXIST)
            fd = process_mark_take_over();
        if (fd != -EEXIST)
            return (int)fd;
    }
    return -EEXIST;
}

static long process_mark_fill(int fd, const struct trace_process *process, uint32_t flags)
{
    struct mmt_mark record = {.state = MMT_MARK_RUNNING, .flags = flags};
    struct trace_writer *writer = &mark.writer;
    struct stat status;
    trace_start(writer, fd);
    trace_put_process(writer, process);
    trace_open_record(writer, MMT_MARK, sizeof(record));
    uint64_t at = writer->offset;
    trace_put(writer, &record, sizeof(record));
    trace_close_record(writer);
    mark.end = writer->offset;
    long result = trace_flush(writer);
    if (!result)
        result = sys_call3(SYS_fstat, fd, (long)&status, 0);
    if (!sys_failed(result) && (uint64_t)status.st_size > mark.end)
        result = sys_call3(SYS_ftruncate, fd, (long)mark.end, 0);
    if (sys_failed(result))
        return result;
    mark.inode = status.st_ino;
    mark.file = own_map_file(fd, mark.end);
    if (!mark.file)
        return -ENOMEM;
    mark.record = (struct mmt_mark *)(mark.file + at);
    return 0;
}

static bool files_are_small(void)
{
    struct rlimit limit;
    return !sys_failed(sys_call3(SYS_getrlimit, RLIMIT_FSIZE, (long)&limit, 0)) &&
           limit.rlim_cur < LARGEST_FILE;
}

int process_mark_start(const char *directory, const struct trace_process *process, uint32_t flags)
{
    if (files_are_small())
        return -EFBIG;
    int fd = process_mark_create(directory);
    if (fd < 0)
        return fd;
    long result = process_mark_fill(fd, process, flags);
    sys_close(fd);
    if (result)
        sys_call3(SYS_unlink, (long)mark.path, 0, 0);
    return (int)result;
}

/* The name may have gone to another process meanwhile. */
static bool process_mark_is_ours(void)
{
    struct stat status;
    return !sys_failed(sys_call3(SYS_lstat, (long)mark.path, (long)&status, 0)) &&
           status.st_ino == mark.inode;
}

void process_mark_finding(void (*put)(struct trace_writer *writer, void *argument), void *argument)
{
    if (!mark.file)
        return;
    __atomic_fetch_add(&mark.record->findings, 1, __ATOMIC_RELEASE);
    if (mark.end > LARGEST_FILE / 2)
        return;
    long fd = sys_openat(AT_FDCWD, mark.path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0);
    if (sys_failed(fd))
        return;
    trace_resume(&mark.writer, (int)fd, mark.end);
    put(&mark.writer, argument);
    if (!trace_flush(&mark.writer))
        mark.end = mark.writer.offset;
    sys_close((int)fd);
}

bool process_mark_end(bool lost)
{
    if (!mark.file)
        return false;
    /* The store costs more than the rest: it has the file system prepare for writing. */
    if (!lost && process_mark_is_ours() &&
        !sys_failed(sys_call3(SYS_unlink, (long)mark.path, 0, 0)))
        return true;
    __atomic_store_n(&mark.record->state, lost ? MMT_MARK_LOST : MMT_MARK_ENDED, __ATOMIC_RELEASE);
    return false;
}

void process_mark_flag(uint32_t flag)
{
    if (mark.file)
        __atomic_fetch_or(&mark.record->flags, flag, __ATOMIC_RELEASE);
}

/* A relative path is of the working directory. */
static void set_program(struct mmt_mark *record, const char *path)
{
    char whole[1024];
    struct print p;
    print_to_buffer(&p, whole, sizeof(whole));
    if (*path != '/' && sys_call3(SYS_getcwd, (long)whole, sizeof(whole), 0) > 0 && *whole == '/') {
        p.used = text_length(whole);
        print_char(&p, '/');
    }
    print_text(&p, path);
    print_end(&p);
    const char *program = whole;
    size_t length = text_length(program), most = sizeof(record->program);
    const char *from = program + (length > most ? length - most : 0);
    length = min_size(length, most);
    for (size_t i = 0; i < most; i++)
        record->program[i] = i < length ? from[i] : 0;
}

void process_mark_exec(const char *program, uint32_t flags)
{
    if (!mark.file)
        return;
    struct mmt_mark *record = mark.record;
    set_program(record, program);
    record->flags = flags;
    record->time = sys_clock(CLOCK_REALTIME);
    __atomic_store_n(&record->state, MMT_MARK_EXEC, __ATOMIC_RELEASE);
}

void process_mark_exec_failed(uint32_t flags)
{
    if (!mark.file)
        return;
    mark.record->flags = flags;
    __atomic_store_n(&mark.record->state, MMT_MARK_RUNNING, __ATOMIC_RELEASE);
}

/* A small mark, without texts. */
struct small_mark {
    struct mmt_header header;
    struct mmt_record process_record;
    struct mmt_process process;
    struct mmt_record mark_record;
    struct mmt_mark mark;
};

/* The child may be making its own at the same time, or take this one over: it must be whole. */
void process_mark_of_child(const char *directory, int pid, uint64_t time, const char *program,
                           uint32_t flags)
{
    char path[1024], unfinished[1024];
    struct small_mark small = {
        .header = {.version = MMT_VERSION,
                   .header_size = sizeof(small.header),
                   .byte_order = MMT_BYTE_ORDER,
                   .machine = 62},
        .process_record = {.type = MMT_PROCESS, .length = sizeof(small.process)},
        .process = {.pid = (uint32_t)pid, .status = -1, .start_time = time},
        .mark_record = {.type = MMT_MARK, .length = sizeof(small.mark)},
        .mark = {.state = MMT_MARK_EXEC, .flags = flags, .time = time},
    };
    struct print p;
    copy_bytes(small.header.magic, MMT_MAGIC, sizeof(small.header.magic));
    set_program(&small.mark, program);
    print_to_buffer(&p, path, sizeof(path));
    print_path(&p, directory, pid, 0);
    print_end(&p);
    print_to_buffer(&p, unfinished, sizeof(unfinished));
    print_text(&p, path);
    print_text(&p, ".part");
    print_end(&p);
    if (p.used + 1 >= sizeof(unfinished) || files_are_small())
        return;
    long fd = sys_openat(AT_FDCWD, unfinished, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                         0600);
    if (sys_failed(fd))
        return;
    long written = sys_write((int)fd, &small, sizeof(small));
    sys_close((int)fd);
    if (written != sizeof(small) || trace_rename(unfinished, path))
        sys_call3(SYS_unlink, (long)unfinished, 0, 0);
}

void process_mark_child_failed(const char *directory, int pid)
{
    char path[1024];
    struct print p;
    print_to_buffer(&p, path, sizeof(path));
    print_path(&p, directory, pid, 0);
    print_end(&p);
    long fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0);
    if (sys_failed(fd))
        return;
    if (is_of_exec((int)fd))
        sys_call3(SYS_unlink, (long)path, 0, 0);
    sys_close((int)fd);
}

void process_mark_after_fork(void)
{
    if (mark.file)
        own_forget(mark.file);
    mark.file = NULL;
}
