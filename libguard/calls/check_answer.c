/* SPDX-License-Identifier: MIT
 *
 * The rest of the functions that pass memory to the kernel, by a table. They are checked after the
 * call: one that fails before it comes to its memory is not a wrong access, and EFAULT for an
 * address of the heap's is one. The answer of the kernel is passed on unchanged.
 */
#include "calls/check.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/probe.h"

enum role { ROLE_IN, ROLE_OUT, ROLE_PATH, ROLE_TOUCHED };

static NOINLINE void check_answer(const char *name, long result, enum role role, const void *memory,
                                  size_t size)
{
    int error = errno;
    if (result == -1 && error != EFAULT)
        return;
    const struct check *check = CHECK(name);
    if (role == ROLE_PATH)
        check_text(check, memory, PATH_MAX, 1);
    else if (role != ROLE_TOUCHED || result == -1)
        check_access(check, memory, role == ROLE_TOUCHED ? 1 : size,
                     role == ROLE_OUT ? MMT_DIRECTION_WRITE : MMT_DIRECTION_READ);
    errno = error;
}

/* What the kernel wrote, or was allowed to write. */
static size_t length_at(const socklen_t *length)
{
    socklen_t value;
    return probe_copy(&value, length, sizeof(value)) ? value : 0;
}

/* The kernel reads and writes whole words of a set. */
#define SET_BYTES(count) ((size_t)((count) > 0 ? (count) + 63 : 0) / 64 * 8)

#define ROLE(role, memory, size)                                                                   \
    if (unlikely(check_ours(memory)))                                                              \
        check_answer(name_, (long)result, role, memory, size);
#define IN(memory, size)  ROLE(ROLE_IN, memory, size)
#define OUT(memory, size) ROLE(ROLE_OUT, memory, size)
#define PATH(memory)      ROLE(ROLE_PATH, memory, 0)
#define TOUCHED(memory)   ROLE(ROLE_TOUCHED, memory, 0)

#define KERNEL_CALL(type, name, parameters, arguments, roles)                                      \
    CHECKED(type, name, parameters)                                                                \
    {                                                                                              \
        static const char name_[] = #name;                                                         \
        type result = NEXT(name) arguments;                                                        \
        roles return result;                                                                       \
    }

#include "calls/kernel_calls.def"
