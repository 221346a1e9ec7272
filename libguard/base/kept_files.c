/* SPDX-License-Identifier: MIT */
#include "base/kept_files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/bits.h"
#include "base/sys.h"

/* Numbers that programs do not come to by themselves. */
#define NUMBERS_FROM  900
#define NUMBERS_BELOW 64

static struct {
    const char *path;
    struct kept_file file;
} of_proc[] = {
    {.path = "/proc/self/maps"}, {.path = "/proc/self/pagemap"}, {.path = "/proc/self/task"}};

static bool kept_files_identify(int fd, struct kept_file *file)
{
    struct stat status;
    if (sys_failed(sys_call3(SYS_fstat, fd, (long)&status, 0)))
        return false;
    file->device = status.st_dev;
    file->inode = status.st_ino;
    return true;
}

static int first_number(void)
{
    struct rlimit limit = {256, 256};
    sys_call4(SYS_prlimit64, 0, RLIMIT_NOFILE, 0, (long)&limit);
    if (limit.rlim_cur > NUMBERS_FROM + NUMBERS_BELOW)
        return NUMBERS_FROM;
    return limit.rlim_cur > 2 * NUMBERS_BELOW ? (int)limit.rlim_cur - NUMBERS_BELOW : 3;
}

bool kept_file_set(struct kept_file *file, int fd)
{
    long moved = sys_call3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, first_number());
    sys_close(fd);
    if (sys_failed(moved))
        return false;
    if (!kept_files_identify((int)moved, file)) {
        sys_close((int)moved);
        return false;
    }
    file->fd = (int)moved;
    file->pid = sys_getpid();
    return true;
}

long kept_file_open(const struct kept_file *file)
{
    struct kept_file seen;
    if (!file->fd || file->pid != sys_getpid() || !kept_files_identify(file->fd, &seen) ||
        seen.device != file->device || seen.inode != file->inode)
        return -EACCES;
    long fd = sys_call3(SYS_fcntl, file->fd, F_DUPFD_CLOEXEC, 0);
    if (!sys_failed(fd))
        sys_call3(SYS_lseek, fd, 0, SEEK_SET);
    return fd;
}

void kept_files_of_proc(void)
{
    for (size_t i = 0; i < ARRAY_LENGTH(of_proc); i++) {
        long fd = sys_openat(AT_FDCWD, of_proc[i].path, O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
        if (!sys_failed(fd))
            kept_file_set(&of_proc[i].file, (int)fd);
    }
}

long kept_proc_open(const char *path)
{
    for (size_t i = 0; i < ARRAY_LENGTH(of_proc); i++)
        if (!__builtin_strcmp(last_component(path), last_component(of_proc[i].path)))
            return kept_file_open(&of_proc[i].file);
    return -EACCES;
}
