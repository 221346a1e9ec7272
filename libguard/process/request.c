/* SPDX-License-Identifier: MIT */
#include "process/request.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include "base/print.h"
#include "base/sys.h"
#include "guard/guard.h"
#include "leak/leak.h"
#include "mmtrace.h"
#include "process/ending.h"

/* The pipe that the answer goes to, which is in the hands of the process that asks; -1 if there is
 * none. Nothing but a pipe will do, so that no file can be damaged. */
static int open_answer(int pid, unsigned number)
{
    char path[64];
    struct print p;
    struct stat status;
    print_to_buffer(&p, path, sizeof(path));
    print_text(&p, "/proc/");
    print_unsigned(&p, (uint64_t)pid);
    print_text(&p, "/fd/");
    print_unsigned(&p, number);
    print_end(&p);
    long fd = sys_openat(AT_FDCWD, path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0);
    if (sys_failed(fd))
        return -1;
    if (!sys_failed(sys_call3(SYS_fstat, fd, (long)&status, 0)) && S_ISFIFO(status.st_mode))
        return (int)fd;
    sys_close((int)fd);
    return -1;
}

/* In the signal handler of a thread that runs the program's code. The answer is a line: the path of
 * the trace, or nothing. False if the value is no request of ours. */
static bool answer(const siginfo_t *info, const void *context)
{
    char path[4096];
    uint64_t value = (uint64_t)(uintptr_t)info->si_value.sival_ptr;
    if (value >> 32 != MMT_REQUEST_SNAPSHOT || !guard.ready || sys_getpid() != guard.pid)
        return false;
    guard_enter();
    if (ending_snapshot("", (struct ending_caller){.context = context}, path, sizeof(path) - 1))
        path[0] = 0;
    int fd = open_answer(info->si_pid, (unsigned)value);
    if (fd < 0)
        return true;
    size_t length = text_length(path);
    path[length] = '\n';
    sys_write_all(fd, path, length + 1);
    sys_close(fd);
    return true;
}

void request_init(void)
{
    leak_on_request(answer);
}
