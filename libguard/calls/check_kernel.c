/* SPDX-License-Identifier: MIT
 *
 * Functions that hand a buffer to the kernel. It would answer EFAULT where the buffer runs into a
 * guard page, or say nothing where it does not come so far; here the whole buffer must be there,
 * however much of it is used.
 */
#include "calls/check.h"

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "base/probe.h"

#define READ  MMT_DIRECTION_READ
#define WRITE MMT_DIRECTION_WRITE

/* A wrong size is passed on cut to what can be done, unless it would be cut to nothing. */
static NOINLINE size_t check_buffer(const void *buffer, size_t size, enum mmt_direction direction,
                                    const char *name)
{
    size_t usable = check_access(CHECK(name), buffer, size, direction);
    return usable ? usable : size;
}

CHECKED(ssize_t, read, (int fd, void *to, size_t size))
{
    if (unlikely(check_ours(to)))
        size = check_buffer(to, size, WRITE, "read");
    return NEXT(read)(fd, to, size);
}

CHECKED(ssize_t, write, (int fd, const void *from, size_t size))
{
    if (unlikely(check_ours(from)))
        size = check_buffer(from, size, READ, "write");
    return NEXT(write)(fd, from, size);
}

CHECKED(ssize_t, pread, (int fd, void *to, size_t size, off_t offset))
{
    if (unlikely(check_ours(to)))
        size = check_buffer(to, size, WRITE, "pread");
    return NEXT(pread)(fd, to, size, offset);
}

CHECKED(ssize_t, pread64, (int fd, void *to, size_t size, off_t offset))
{
    if (unlikely(check_ours(to)))
        size = check_buffer(to, size, WRITE, "pread64");
    return NEXT(pread64)(fd, to, size, offset);
}

CHECKED(ssize_t, pwrite, (int fd, const void *from, size_t size, off_t offset))
{
    if (unlikely(check_ours(from)))
        size = check_buffer(from, size, READ, "pwrite");
    return NEXT(pwrite)(fd, from, size, offset);
}

CHECKED(ssize_t, pwrite64, (int fd, const void *from, size_t size, off_t offset))
{
    if (unlikely(check_ours(from)))
        size = check_buffer(from, size, READ, "pwrite64");
    return NEXT(pwrite64)(fd, from, size, offset);
}

CHECKED(ssize_t, recv, (int fd, void *to, size_t size, int flags))
{
    if (unlikely(check_ours(to)))
        size = check_buffer(to, size, WRITE, "recv");
    return NEXT(recv)(fd, to, size, flags);
}

CHECKED(ssize_t, send, (int fd, const void *from, size_t size, int flags))
{
    if (unlikely(check_ours(from)))
        size = check_buffer(from, size, READ, "send");
    return NEXT(send)(fd, from, size, flags);
}

CHECKED(ssize_t, recvfrom,
        (int fd, void *to, size_t size, int flags, struct sockaddr *address, socklen_t *length))
{
    if (unlikely(check_ours(to)))
        size = check_buffer(to, size, WRITE, "recvfrom");
    return NEXT(recvfrom)(fd, to, size, flags, address, length);
}

CHECKED(ssize_t, sendto,
        (int fd, const void *from, size_t size, int flags, const struct sockaddr *address,
         socklen_t length))
{
    if (unlikely(check_ours(from)))
        size = check_buffer(from, size, READ, "sendto");
    return NEXT(sendto)(fd, from, size, flags, address, length);
}

CHECKED(ssize_t, getrandom, (void *to, size_t size, unsigned flags))
{
    if (unlikely(check_ours(to)))
        size = check_buffer(to, size, WRITE, "getrandom");
    return NEXT(getrandom)(to, size, flags);
}

CHECKED(ssize_t, readlink, (const char *path, char *to, size_t size))
{
    if (unlikely(check_ours(to)))
        size = check_buffer(to, size, WRITE, "readlink");
    return NEXT(readlink)(path, to, size);
}

CHECKED(ssize_t, readlinkat, (int folder, const char *path, char *to, size_t size))
{
    if (unlikely(check_ours(to)))
        size = check_buffer(to, size, WRITE, "readlinkat");
    return NEXT(readlinkat)(folder, path, to, size);
}

CHECKED(char *, getcwd, (char *to, size_t size))
{
    if (unlikely(check_ours(to)))
        size = check_buffer(to, size, WRITE, "getcwd");
    return NEXT(getcwd)(to, size);
}

/* ---- the same where the compiler knew `room` bytes to be there: the real ones end the program
 * where that is not enough */

static size_t within(size_t size, size_t usable, size_t room)
{
    return size <= room ? usable : size;
}

CHECKED(ssize_t, __read_chk, (int fd, void *to, size_t size, size_t room))
{
    if (unlikely(check_ours(to)))
        size = within(size, check_buffer(to, size, WRITE, "read"), room);
    return NEXT(__read_chk)(fd, to, size, room);
}

CHECKED(ssize_t, __pread_chk, (int fd, void *to, size_t size, off_t offset, size_t room))
{
    if (unlikely(check_ours(to)))
        size = within(size, check_buffer(to, size, WRITE, "pread"), room);
    return NEXT(__pread_chk)(fd, to, size, offset, room);
}

CHECKED(ssize_t, __pread64_chk, (int fd, void *to, size_t size, off_t offset, size_t room))
{
    if (unlikely(check_ours(to)))
        size = within(size, check_buffer(to, size, WRITE, "pread64"), room);
    return NEXT(__pread64_chk)(fd, to, size, offset, room);
}

CHECKED(ssize_t, __recv_chk, (int fd, void *to, size_t size, size_t room, int flags))
{
    if (unlikely(check_ours(to)))
        size = within(size, check_buffer(to, size, WRITE, "recv"), room);
    return NEXT(__recv_chk)(fd, to, size, room, flags);
}

CHECKED(ssize_t, __recvfrom_chk,
        (int fd, void *to, size_t size, size_t room, int flags, struct sockaddr *address,
         socklen_t *length))
{
    if (unlikely(check_ours(to)))
        size = within(size, check_buffer(to, size, WRITE, "recvfrom"), room);
    return NEXT(__recvfrom_chk)(fd, to, size, room, flags, address, length);
}

CHECKED(ssize_t, __readlink_chk, (const char *path, char *to, size_t size, size_t room))
{
    if (unlikely(check_ours(to)))
        size = within(size, check_buffer(to, size, WRITE, "readlink"), room);
    return NEXT(__readlink_chk)(path, to, size, room);
}

CHECKED(ssize_t, __readlinkat_chk,
        (int folder, const char *path, char *to, size_t size, size_t room))
{
    if (unlikely(check_ours(to)))
        size = within(size, check_buffer(to, size, WRITE, "readlinkat"), room);
    return NEXT(__readlinkat_chk)(folder, path, to, size, room);
}

CHECKED(char *, __getcwd_chk, (char *to, size_t size, size_t room))
{
    if (unlikely(check_ours(to)))
        size = within(size, check_buffer(to, size, WRITE, "getcwd"), room);
    return NEXT(__getcwd_chk)(to, size, room);
}

/* ---- several buffers */

static NOINLINE void check_vector(const struct iovec *vector, size_t count,
                                  enum mmt_direction direction, const char *name)
{
    const struct check *check = CHECK(name);
    if (check_array(check, vector, count, sizeof(*vector), READ) < count * sizeof(*vector))
        return;
    struct iovec part;
    for (size_t i = 0; i < count && probe_copy(&part, &vector[i], sizeof(part)); i++)
        if (check_ours(part.iov_base))
            check_access(check, part.iov_base, part.iov_len, direction);
}

#define MOST_BUFFERS 1024 /* more are refused by the kernel */

static bool sane_count(long count)
{
    return count > 0 && count <= MOST_BUFFERS;
}

CHECKED(ssize_t, readv, (int fd, const struct iovec *vector, int count))
{
    if (sane_count(count))
        check_vector(vector, (size_t)count, WRITE, "readv");
    return NEXT(readv)(fd, vector, count);
}

CHECKED(ssize_t, writev, (int fd, const struct iovec *vector, int count))
{
    if (sane_count(count))
        check_vector(vector, (size_t)count, READ, "writev");
    return NEXT(writev)(fd, vector, count);
}

CHECKED(ssize_t, preadv, (int fd, const struct iovec *vector, int count, off_t offset))
{
    if (sane_count(count))
        check_vector(vector, (size_t)count, WRITE, "preadv");
    return NEXT(preadv)(fd, vector, count, offset);
}

CHECKED(ssize_t, preadv64, (int fd, const struct iovec *vector, int count, off_t offset))
{
    if (sane_count(count))
        check_vector(vector, (size_t)count, WRITE, "preadv64");
    return NEXT(preadv64)(fd, vector, count, offset);
}

CHECKED(ssize_t, pwritev, (int fd, const struct iovec *vector, int count, off_t offset))
{
    if (sane_count(count))
        check_vector(vector, (size_t)count, READ, "pwritev");
    return NEXT(pwritev)(fd, vector, count, offset);
}

CHECKED(ssize_t, pwritev64, (int fd, const struct iovec *vector, int count, off_t offset))
{
    if (sane_count(count))
        check_vector(vector, (size_t)count, READ, "pwritev64");
    return NEXT(pwritev64)(fd, vector, count, offset);
}

static NOINLINE void check_message(const struct msghdr *message, enum mmt_direction direction,
                                   const char *name)
{
    struct msghdr copy;
    if (check_ours(message))
        check_access(CHECK(name), message, sizeof(*message), READ);
    if (message && probe_copy(&copy, message, sizeof(copy)) && sane_count((long)copy.msg_iovlen))
        check_vector(copy.msg_iov, copy.msg_iovlen, direction, name);
}

CHECKED(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags))
{
    check_message(message, WRITE, "recvmsg");
    return NEXT(recvmsg)(fd, message, flags);
}

CHECKED(ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags))
{
    check_message(message, READ, "sendmsg");
    return NEXT(sendmsg)(fd, message, flags);
}
