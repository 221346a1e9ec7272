/* SPDX-License-Identifier: MIT
 *
 * Functions that hand a buffer to the kernel. It would answer EFAULT where the buffer runs into a
 * guard page, or say nothing where it does not come so far; here the whole buffer must be there,
 * however much of it is used. A call that waits may find it gone in the end.
 */
#include "calls/check_answer.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "base/probe.h"

#define READ  MMT_DIRECTION_READ
#define WRITE MMT_DIRECTION_WRITE

/* A wrong size is passed on cut to what can be done, unless it would be cut to nothing or the
 * compiler knew of less `room`: then the real function ends the program. */
static NOINLINE size_t check_buffer(const void *buffer, size_t size, enum mmt_direction direction,
                                    size_t room, const char *name)
{
    size_t usable = check_access(CHECK(name), buffer, size, direction);
    return usable && size <= room ? usable : size;
}

/*     BUFFER_CALL(name, (parameters), (arguments), role, buffer, also)
 *
 * `size` bytes of a buffer, and ALSO other pointers, of which it is not known how much is used. */
#define BUFFER_CALL(name, parameters, arguments, role, buffer, also)                               \
    CHECKED(ssize_t, name, parameters)                                                             \
    {                                                                                              \
        const size_t room = SIZE_MAX;                                                              \
        BUFFER_BODY(name, name, arguments, role, buffer, also)                                     \
    }
#define BUFFER_BODY(symbol, name, arguments, role, buffer, also)                                   \
    const char *const name_ = #name;                                                               \
    if (unlikely(check_ours(buffer)))                                                              \
        size = check_buffer(buffer, size, role == ANSWER_OUT ? WRITE : READ, room, name_);         \
    ssize_t result = NEXT(symbol) arguments;                                                       \
    if (answer_again(name_, result, role, buffer, size) also)                                      \
        result = NEXT(symbol) arguments;                                                           \
    return result;
#define ALSO(role, memory) || answer_again(name_, result, role, memory, 1)

#define WRITES(name, parameters, arguments)                                                        \
    BUFFER_CALL(name, parameters, arguments, ANSWER_IN, from, )
#define READS(name, parameters, arguments)                                                         \
    BUFFER_CALL(name, parameters, arguments, ANSWER_OUT, to, )
/* With a fortified form, which has the room behind these parameters and before `rest`. */
#define READS_CHK(name, parameters, arguments, rest, rest_arguments, also)                         \
    BUFFER_CALL(name, (PLAIN parameters PLAIN rest), (PLAIN arguments PLAIN rest_arguments),       \
                ANSWER_OUT, to, also)                                                              \
    CHECKED(ssize_t, __##name##_chk, (PLAIN parameters, size_t room PLAIN rest))                   \
    {                                                                                              \
        BUFFER_BODY(__##name##_chk, name, (PLAIN arguments, room PLAIN rest_arguments),            \
                    ANSWER_OUT, to, also)                                                          \
    }

READS_CHK(read, (int fd, void *to, size_t size), (fd, to, size), (), (), )
READS_CHK(pread, (int fd, void *to, size_t size, off_t offset), (fd, to, size, offset), (), (), )
READS_CHK(pread64, (int fd, void *to, size_t size, off_t offset), (fd, to, size, offset), (), (), )
READS_CHK(recv, (int fd, void *to, size_t size), (fd, to, size), (, int flags), (, flags), )
READS_CHK(recvfrom, (int fd, void *to, size_t size), (fd, to, size),
          (, int flags, struct sockaddr *address, socklen_t *length), (, flags, address, length),
          ALSO(ANSWER_OUT, address) ALSO(ANSWER_OUT, length))
READS_CHK(readlink, (const char *path, char *to, size_t size), (path, to, size), (), (),
          ALSO(ANSWER_PATH, path))
READS_CHK(readlinkat, (int folder, const char *path, char *to, size_t size),
          (folder, path, to, size), (), (), ALSO(ANSWER_PATH, path))
READS(getrandom, (void *to, size_t size, unsigned flags), (to, size, flags))
WRITES(write, (int fd, const void *from, size_t size), (fd, from, size))
WRITES(pwrite, (int fd, const void *from, size_t size, off_t offset), (fd, from, size, offset))
WRITES(pwrite64, (int fd, const void *from, size_t size, off_t offset), (fd, from, size, offset))
WRITES(send, (int fd, const void *from, size_t size, int flags), (fd, from, size, flags))
BUFFER_CALL(sendto,
            (int fd, const void *from, size_t size, int flags, const struct sockaddr *address,
             socklen_t length),
            (fd, from, size, flags, address, length), ANSWER_IN, from, ALSO(ANSWER_IN, address))

FORTIFIED(char *, getcwd, (char *to, size_t size), (to, size),
          if (unlikely(check_ours(to))) size = check_buffer(to, size, WRITE, room, name_);)

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

/* After a call. */
static NOINLINE bool vector_again(const char *name, const struct iovec *vector, size_t count,
                                  enum answer_role role)
{
    struct iovec part;
    bool again = answer_again(name, -1, ANSWER_IN, vector, count * sizeof(*vector));
    for (size_t i = 0; i < count && probe_copy(&part, &vector[i], sizeof(part)); i++)
        again |= answer_again(name, -1, role, part.iov_base, part.iov_len);
    return again;
}

#define MOST_BUFFERS 1024 /* more are refused by the kernel */

static bool sane_count(long count)
{
    return count > 0 && count <= MOST_BUFFERS;
}

static bool no_memory(long result)
{
    return unlikely(result == -1) && errno == EFAULT;
}

#define VECTOR_CALL(name, parameters, arguments, role)                                             \
    CHECKED(ssize_t, name, parameters)                                                             \
    {                                                                                              \
        bool sane = sane_count(count);                                                             \
        if (sane)                                                                                  \
            check_vector(vector, (size_t)count, role == ANSWER_OUT ? WRITE : READ, #name);         \
        ssize_t result = NEXT(name) arguments;                                                     \
        if (no_memory(result) && sane && vector_again(#name, vector, (size_t)count, role))         \
            result = NEXT(name) arguments;                                                         \
        return result;                                                                             \
    }

VECTOR_CALL(readv, (int fd, const struct iovec *vector, int count), (fd, vector, count), ANSWER_OUT)
VECTOR_CALL(writev, (int fd, const struct iovec *vector, int count), (fd, vector, count), ANSWER_IN)
#define AT_OFFSET(name, role)                                                                      \
    VECTOR_CALL(name, (int fd, const struct iovec *vector, int count, off_t offset),               \
                (fd, vector, count, offset), role)
AT_OFFSET(preadv, ANSWER_OUT)
AT_OFFSET(preadv64, ANSWER_OUT)
AT_OFFSET(pwritev, ANSWER_IN)
AT_OFFSET(pwritev64, ANSWER_IN)
#define WITH_FLAGS(name, role)                                                                     \
    VECTOR_CALL(name, (int fd, const struct iovec *vector, int count, off_t offset, int flags),    \
                (fd, vector, count, offset, flags), role)
WITH_FLAGS(preadv2, ANSWER_OUT)
WITH_FLAGS(preadv64v2, ANSWER_OUT)
WITH_FLAGS(pwritev2, ANSWER_IN)
WITH_FLAGS(pwritev64v2, ANSWER_IN)

/* False if there is no message. */
static NOINLINE bool check_message(const struct msghdr *message, enum answer_role role,
                                   const char *name)
{
    struct msghdr copy;
    if (check_ours(message))
        check_access(CHECK(name), message, sizeof(*message), READ);
    if (!message || !probe_copy(&copy, message, sizeof(copy)))
        return false;
    if (sane_count((long)copy.msg_iovlen))
        check_vector(copy.msg_iov, copy.msg_iovlen, role == ANSWER_OUT ? WRITE : READ, name);
    return true;
}

static NOINLINE bool message_again(const struct msghdr *message, enum answer_role role,
                                   const char *name)
{
    struct msghdr copy;
    bool again = answer_again(name, -1, role, message, sizeof(*message));
    if (!message || !probe_copy(&copy, message, sizeof(copy)))
        return again;
    again |= answer_again(name, -1, role, copy.msg_name, 1);
    again |= answer_again(name, -1, role, copy.msg_control, 1);
    return (sane_count((long)copy.msg_iovlen) &&
            vector_again(name, copy.msg_iov, copy.msg_iovlen, role)) ||
           again;
}

#define MESSAGE_CALL(name, constant, role)                                                         \
    CHECKED(ssize_t, name, (int fd, constant struct msghdr *message, int flags))                   \
    {                                                                                              \
        check_message(message, role, #name);                                                       \
        ssize_t result = NEXT(name)(fd, message, flags);                                           \
        if (no_memory(result) && message_again(message, role, #name))                              \
            result = NEXT(name)(fd, message, flags);                                               \
        return result;                                                                             \
    }
MESSAGE_CALL(recvmsg, , ANSWER_OUT)
MESSAGE_CALL(sendmsg, const, ANSWER_IN)

/* An array of messages; after a call that failed only the first was looked at. */
#define MESSAGES_CALL(name, parameters, arguments, role)                                           \
    CHECKED(int, name, parameters)                                                                 \
    {                                                                                              \
        unsigned at = 0;                                                                           \
        while (at < count && at < MOST_BUFFERS && check_message(&array[at].msg_hdr, role, #name))  \
            at++;                                                                                  \
        int result = NEXT(name) arguments;                                                         \
        if (no_memory(result) && at && message_again(&array->msg_hdr, role, #name))                \
            result = NEXT(name) arguments;                                                         \
        return result;                                                                             \
    }
MESSAGES_CALL(sendmmsg, (int fd, struct mmsghdr *array, unsigned count, int flags),
              (fd, array, count, flags), ANSWER_IN)
MESSAGES_CALL(recvmmsg,
              (int fd, struct mmsghdr *array, unsigned count, int flags, struct timespec *patience),
              (fd, array, count, flags, patience), ANSWER_OUT)
