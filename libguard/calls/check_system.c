/* SPDX-License-Identifier: MIT
 *
 * System calls that take a path or fill a structure. The kernel does not fault on an inaccessible
 * page: it fails with EFAULT, which many programs take for a file that is not there. Structures are
 * filled elsewhere first, since a call that fails does not touch them.
 */
#include "calls/check_answer.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/probe.h"
#include "base/sys.h"

#define READ  MMT_DIRECTION_READ
#define WRITE MMT_DIRECTION_WRITE

/* ---- paths */

/* Of a path that is too long the kernel reads no more. */
#define NAMED(path) TEXT_WITHIN(path, PATH_MAX)

CALL(int, access, (const char *path, int mode), (path, mode), NAMED(path))
CALL(int, chdir, (const char *path), (path), NAMED(path))
CALL(int, chmod, (const char *path, mode_t mode), (path, mode), NAMED(path))
CALL(int, chown, (const char *path, uid_t user, gid_t group), (path, user, group), NAMED(path))
CALL(int, creat, (const char *path, mode_t mode), (path, mode), NAMED(path))
CALL(int, mkdir, (const char *path, mode_t mode), (path, mode), NAMED(path))
CALL(int, mkdirat, (int folder, const char *path, mode_t mode), (folder, path, mode), NAMED(path))
CALL(DIR *, opendir, (const char *path), (path), NAMED(path))
CALL(int, rmdir, (const char *path), (path), NAMED(path))
CALL(int, truncate, (const char *path, off_t size), (path, size), NAMED(path))
CALL(int, unlink, (const char *path), (path), NAMED(path))
CALL(int, unlinkat, (int folder, const char *path, int flags), (folder, path, flags), NAMED(path))
CALL(int, remove, (const char *path), (path), NAMED(path))
CALL(int, link, (const char *path, const char *other), (path, other), NAMED(path) NAMED(other))
CALL(int, rename, (const char *path, const char *other), (path, other), NAMED(path) NAMED(other))
CALL(int, symlink, (const char *path, const char *other), (path, other), NAMED(path) NAMED(other))
CALL(FILE *, fopen, (const char *path, const char *mode), (path, mode), NAMED(path) NAMED(mode))
CALL(FILE *, fopen64, (const char *path, const char *mode), (path, mode), NAMED(path) NAMED(mode))

/* The mode is there with O_CREAT and the like only; what is passed on otherwise is not looked at.
 */
#define OPENS(name, parameters, arguments)                                                         \
    CHECKED(int, name, parameters)                                                                 \
    {                                                                                              \
        va_list list;                                                                              \
        va_start(list, flags);                                                                     \
        mode_t mode = va_arg(list, mode_t);                                                        \
        va_end(list);                                                                              \
        CALL_BODY(name, name, arguments, NAMED(path))                                              \
    }

OPENS(open, (const char *path, int flags, ...), (path, flags, mode))
OPENS(open64, (const char *path, int flags, ...), (path, flags, mode))
OPENS(openat, (int folder, const char *path, int flags, ...), (folder, path, flags, mode))
OPENS(openat64, (int folder, const char *path, int flags, ...), (folder, path, flags, mode))

/* ---- structures */

static NOINLINE void give(void *to, const void *from, size_t size, const char *name)
{
    check_move(to, from, check_access(CHECK(name), to, size, WRITE));
}

#define FILLS(name, type, parameters, arguments, to, ...)                                          \
    CHECKED(int, name, parameters)                                                                 \
    {                                                                                              \
        const char *const name_ = #name;                                                           \
        type *wanted = to, filled;                                                                 \
        __VA_ARGS__                                                                                \
        if (likely(!check_ours(wanted)))                                                           \
            return NEXT(name) arguments;                                                           \
        to = &filled;                                                                              \
        int result = NEXT(name) arguments;                                                         \
        if (!result)                                                                               \
            give(wanted, &filled, sizeof(filled), name_);                                          \
        return result;                                                                             \
    }

#define STATUS(name, type)                                                                         \
    FILLS(name, struct type, (const char *path, struct type *status), (path, status), status,      \
          NAMED(path))
#define STATUS_AT(name, type)                                                                      \
    FILLS(name, struct type, (int folder, const char *path, struct type *status, int flags),       \
          (folder, path, status, flags), status, NAMED(path))
#define STATUS_OF(name, type)                                                                      \
    FILLS(name, struct type, (int fd, struct type *status), (fd, status), status, )
STATUS(stat, stat)
STATUS(stat64, stat64)
STATUS(lstat, stat)
STATUS(lstat64, stat64)
STATUS_AT(fstatat, stat)
STATUS_AT(fstatat64, stat64)
STATUS_OF(fstat, stat)
STATUS_OF(fstat64, stat64)
FILLS(uname, struct utsname, (struct utsname * names), (names), names, )

static int make_pipe(int (*make)(int ends[2], int flags), int ends[2], int flags, const char *name)
{
    int filled[2], result = make(filled, flags);
    if (!result)
        give(ends, filled, sizeof(filled), name);
    return result;
}

CHECKED(int, pipe2, (int ends[2], int flags))
{
    return check_ours(ends) ? make_pipe(NEXT(pipe2), ends, flags, "pipe2")
                            : NEXT(pipe2)(ends, flags);
}

CHECKED(int, pipe, (int ends[2]))
{
    return check_ours(ends) ? make_pipe(NEXT(pipe2), ends, 0, "pipe") : NEXT(pipe)(ends);
}

/* The kernel refuses more than there may be descriptors before it looks. */
static NOINLINE void check_polled(const struct pollfd *array, nfds_t count)
{
    struct rlimit limit;
    if (count > check_room(array) / sizeof(*array) &&
        !sys_call4(SYS_prlimit64, 0, RLIMIT_NOFILE, 0, (long)&limit) && count <= limit.rlim_cur)
        check_array(CHECK("poll"), array, count, sizeof(*array), WRITE);
}

CHECKED(int, poll, (struct pollfd * array, nfds_t count, int patience))
{
    if (unlikely(check_ours(array)))
        check_polled(array, count);
    int result = NEXT(poll)(array, count, patience);
    if (answer_again("poll", result, ANSWER_OUT, array, 1))
        result = NEXT(poll)(array, count, patience);
    return result;
}

/* ---- addresses of sockets. As much is written as there is, and as was allowed. */

static NOINLINE void give_address(struct sockaddr *to, socklen_t *length,
                                  const struct sockaddr_storage *from, socklen_t got,
                                  const char *name)
{
    give(to, from, min_size(*length, got), name);
    *length = got;
}

#define NAMES(name, parameters, arguments)                                                         \
    CHECKED(int, name, parameters)                                                                 \
    {                                                                                              \
        struct sockaddr *to = address;                                                             \
        struct sockaddr_storage filled;                                                            \
        socklen_t *wanted = length, got = sizeof(filled);                                          \
        socklen_t room;                                                                            \
        if (likely(!check_ours(to)) || !probe_copy(&room, length, sizeof(room)) || room > got) {   \
            int answer = NEXT(name) arguments;                                                     \
            answer_again(#name, answer, ANSWER_OUT, to, 1);                                        \
            answer_again(#name, answer, ANSWER_OUT, wanted, sizeof(*wanted));                      \
            return answer;                                                                         \
        }                                                                                          \
        address = (struct sockaddr *)&filled;                                                      \
        length = &got;                                                                             \
        int result = NEXT(name) arguments;                                                         \
        if (result >= 0)                                                                           \
            give_address(to, wanted, &filled, got, #name);                                         \
        return result;                                                                             \
    }

NAMES(accept, (int fd, struct sockaddr *address, socklen_t *length), (fd, address, length))
NAMES(accept4, (int fd, struct sockaddr *address, socklen_t *length, int flags),
      (fd, address, length, flags))
NAMES(getsockname, (int fd, struct sockaddr *address, socklen_t *length), (fd, address, length))
NAMES(getpeername, (int fd, struct sockaddr *address, socklen_t *length), (fd, address, length))

/* The kernel refuses longer ones. */
#define ADDRESS                                                                                    \
    if (unlikely(check_ours(address) && length <= sizeof(struct sockaddr_storage)))                \
        check_counted(address, length, 1, READ, room, name_);

CALL(int, bind, (int fd, const struct sockaddr *address, socklen_t length), (fd, address, length),
     ADDRESS)
CALL(int, connect, (int fd, const struct sockaddr *address, socklen_t length),
     (fd, address, length), ADDRESS)
