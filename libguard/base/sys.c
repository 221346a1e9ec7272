/* SPDX-License-Identifier: MIT */
#include "base/sys.h"

#include "base/kept_files.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

void *sys_map(void *hint, size_t length, int protection, int extra_flags)
{
    long result = sys_call6(SYS_mmap, (long)hint, (long)length, protection,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | extra_flags, -1, 0);
    return sys_failed(result) ? NULL : (void *)result;
}

void *sys_map_counted(size_t length)
{
    long result = sys_call6(SYS_mmap, 0, (long)length, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return sys_failed(result) ? NULL : (void *)result;
}

static long write_fully(int fd, const char *next, size_t length)
{
    while (length) {
        long written = sys_write(fd, next, length);
        if (written == -EAGAIN) {
            struct pollfd room = {.fd = fd, .events = POLLOUT};
            long ready = sys_call3(SYS_poll, (long)&room, 1, 1000);
            if (ready == 0 || (sys_failed(ready) && ready != -EINTR))
                return -EAGAIN;
            continue;
        }
        if (written == -EINTR)
            continue;
        if (sys_failed(written))
            return written;
        if (written == 0)
            return -EIO;
        next += written;
        length -= (size_t)written;
    }
    return 0;
}

/* A pipe without reader and a file at its size limit raise a signal in the thread that writes. The
 * program must not get it for our writing: it is held back and taken away again, unless it was
 * pending before. A terminal that stops the jobs of the background for writing lets those write
 * that block the signal for it. */
long sys_write_all(int fd, const void *buffer, size_t length)
{
    const uint64_t raised = (uint64_t)1 << (SIGPIPE - 1) | (uint64_t)1 << (SIGXFSZ - 1);
    const uint64_t blocked = raised | (uint64_t)1 << (SIGTTOU - 1);
    uint64_t saved = 0, before = 0;
    sys_sigmask(SIG_BLOCK, &blocked, &saved);
    sys_call3(SYS_rt_sigpending, (long)&before, 8, 0);
    long result = write_fully(fd, buffer, length);
    uint64_t ours = raised & ~before;
    if ((result == -EPIPE || result == -EFBIG) && ours) {
        struct timespec now = {0, 0};
        sys_call4(SYS_rt_sigtimedwait, (long)&ours, 0, (long)&now, 8);
    }
    sys_sigmask(SIG_SETMASK, &saved, NULL);
    return result;
}

static long open_checked(const char *path, int flags, bool stored)
{
    struct stat status;
    long fd = sys_openat(AT_FDCWD, path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
    if (sys_failed(fd))
        return fd;
    long result = sys_call3(SYS_fstat, fd, (long)&status, 0);
    if (!sys_failed(result) && S_ISREG(status.st_mode) &&
        (stored || status.st_size == 0 || status.st_nlink == 0))
        return fd;
    sys_close((int)fd);
    return sys_failed(result) ? result : -EINVAL;
}

long sys_open_regular(const char *path, int flags)
{
    return open_checked(path, flags, true);
}

/* No file of /proc has a size, and a file elsewhere that has none is empty. Emulators answer with a
 * file that has no name. */
long sys_open_proc(const char *path)
{
    long fd = open_checked(path, O_RDONLY, false);
    return fd == -EACCES ? kept_proc_open(path) : fd;
}

long sys_read_file(const char *path, char *buffer, size_t size)
{
    long fd = sys_open_regular(path, O_RDONLY);
    if (sys_failed(fd))
        return fd;
    size_t used = 0;
    while (used + 1 < size) {
        long got = sys_read((int)fd, buffer + used, size - 1 - used);
        if (got == -EINTR)
            continue;
        if (got <= 0)
            break;
        used += (size_t)got;
    }
    buffer[used] = 0;
    sys_close((int)fd);
    return (long)used;
}

_Noreturn void sys_exit_group(int status)
{
    for (;;)
        sys_call3(SYS_exit_group, status, 0, 0);
}

uint64_t sys_clock(int clock)
{
    struct timespec now = {0, 0};
    sys_call3(SYS_clock_gettime, clock, (long)&now, 0);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void sys_sleep(uint64_t nanoseconds)
{
    struct timespec pause = {(time_t)(nanoseconds / 1000000000u),
                             (long)(nanoseconds % 1000000000u)};
    sys_call3(SYS_nanosleep, (long)&pause, 0, 0);
}
