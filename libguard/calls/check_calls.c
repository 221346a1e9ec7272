/* SPDX-License-Identifier: MIT
 *
 * The rest of the functions that pass memory to the kernel, by a table, and the two whose memory
 * depends on a request.
 */
#include "calls/check_answer.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/probe.h"

/* What the kernel wrote, or was allowed to write. */
static size_t length_at(const socklen_t *length)
{
    socklen_t value;
    return probe_copy(&value, length, sizeof(value)) ? value : 0;
}

/* The kernel reads and writes whole words of a set. */
#define SET_BYTES(count) ((size_t)((count) > 0 ? (count) + 63 : 0) / 64 * 8)

/* waitid() fills in no more than the fields of SIGCHLD. */
#define SIGINFO_OF_CHILD (offsetof(siginfo_t, si_status) + sizeof(int))

#include "calls/kernel_calls.def"

/* ---- ioctl and fcntl */

struct request {
    unsigned long number;
    enum answer_role role;
    size_t size;
};

/* Those whose number does not tell, or tells something else than the kernel reads and writes. */
static const struct request requests[] = {
    {TCGETS, ANSWER_OUT, 36},
    {TCSETS, ANSWER_IN, 36},
    {TCSETSW, ANSWER_IN, 36},
    {TCSETSF, ANSWER_IN, 36},
    {TIOCGWINSZ, ANSWER_OUT, sizeof(struct winsize)},
    {TIOCSWINSZ, ANSWER_IN, sizeof(struct winsize)},
    {TIOCGPGRP, ANSWER_OUT, sizeof(pid_t)},
    {TIOCSPGRP, ANSWER_IN, sizeof(pid_t)},
    {TIOCGSID, ANSWER_OUT, sizeof(pid_t)},
    {TIOCOUTQ, ANSWER_OUT, sizeof(int)},
    {TIOCMGET, ANSWER_OUT, sizeof(int)},
    {TIOCMSET, ANSWER_IN, sizeof(int)},
    {FIONREAD, ANSWER_OUT, sizeof(int)},
    {FIONBIO, ANSWER_IN, sizeof(int)},
    {FIOASYNC, ANSWER_IN, sizeof(int)},
    {FIGETBSZ, ANSWER_OUT, sizeof(int)},
    {SIOCATMARK, ANSWER_OUT, sizeof(int)},
    {SIOCGIFCONF, ANSWER_OUT, sizeof(struct ifconf)},
    {SIOCGIFFLAGS, ANSWER_OUT, sizeof(struct ifreq)},
    {SIOCGIFADDR, ANSWER_OUT, sizeof(struct ifreq)},
    {SIOCGIFNETMASK, ANSWER_OUT, sizeof(struct ifreq)},
    {SIOCGIFBRDADDR, ANSWER_OUT, sizeof(struct ifreq)},
    {SIOCGIFMTU, ANSWER_OUT, sizeof(struct ifreq)},
    {SIOCGIFHWADDR, ANSWER_OUT, sizeof(struct ifreq)},
    {SIOCGIFINDEX, ANSWER_OUT, sizeof(struct ifreq)},
    {SIOCGIFNAME, ANSWER_OUT, sizeof(struct ifreq)},
    {BLKGETSIZE, ANSWER_OUT, sizeof(long)},
    {BLKSSZGET, ANSWER_OUT, sizeof(int)},
    /* Declared for a long, done with an int. */
    {BLKBSZGET, ANSWER_OUT, sizeof(int)},
    {BLKBSZSET, ANSWER_IN, sizeof(int)},
    {FS_IOC_GETFLAGS, ANSWER_OUT, sizeof(int)},
    {FS_IOC_SETFLAGS, ANSWER_IN, sizeof(int)},
    {FS_IOC_GETVERSION, ANSWER_OUT, sizeof(int)},
    {FS_IOC_SETVERSION, ANSWER_IN, sizeof(int)},
};

static struct request ioctl_request(unsigned long number)
{
    for (size_t i = 0; i < ARRAY_LENGTH(requests); i++)
        if (requests[i].number == (unsigned)number)
            return requests[i];
    unsigned direction = _IOC_DIR(number);
    struct request request = {number, ANSWER_TOUCHED, 0};
    if (direction & (_IOC_READ | _IOC_WRITE)) {
        request.role = direction & _IOC_READ ? ANSWER_OUT : ANSWER_IN;
        request.size = _IOC_SIZE(number);
    }
    return request;
}

static struct request fcntl_request(unsigned long number)
{
    switch (number) {
    case F_GETLK:
    case F_OFD_GETLK:
        return (struct request){number, ANSWER_OUT, sizeof(struct flock)};
    case F_SETLK:
    case F_SETLKW:
    case F_OFD_SETLK:
    case F_OFD_SETLKW:
        return (struct request){number, ANSWER_IN, sizeof(struct flock)};
    case F_GETOWN_EX:
        return (struct request){number, ANSWER_OUT, sizeof(struct f_owner_ex)};
    case F_SETOWN_EX:
        return (struct request){number, ANSWER_IN, sizeof(struct f_owner_ex)};
    }
    return (struct request){number, ANSWER_TOUCHED, 0};
}

#define REQUEST_CALL(name, number_type)                                                            \
    static NOINLINE int name##_checked(int fd, number_type number, void *memory,                   \
                                       struct request request)                                     \
    {                                                                                              \
        KERNEL_BODY(int, name, NEXT(name)(fd, number, memory),                                     \
                    ANSWER_ROLE(request.role, memory, request.size))                               \
    }

/* Its argument may be a number as well: what is passed on is what a register holds. */
#define REQUESTS(name, number_type, request_of)                                                    \
    extern EXPORT int name(int fd, number_type number, ...);                                       \
    NEXT_FUNCTION(int, name, (int fd, number_type number, ...));                                   \
    REQUEST_CALL(name, number_type)                                                                \
    EXPORT int name(int fd, number_type number, ...)                                               \
    {                                                                                              \
        va_list list;                                                                              \
        va_start(list, number);                                                                    \
        void *memory = va_arg(list, void *);                                                       \
        va_end(list);                                                                              \
        if (likely(!check_ours(memory)))                                                           \
            return NEXT(name)(fd, number, memory);                                                 \
        return name##_checked(fd, number, memory, request_of((unsigned long)number));              \
    }

REQUESTS(ioctl, unsigned long, ioctl_request)
REQUESTS(fcntl, int, fcntl_request)
REQUESTS(fcntl64, int, fcntl_request)
