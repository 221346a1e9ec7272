// SPDX-License-Identifier: MIT
// options: leak_check=0
// compact: no, the kernel writes into freed memory there
// Reported: a freed or too short block for each call whose memory depends on a request, or is found
// through another structure. Requests that take a number, or fit, are not.
#define _GNU_SOURCE
#include "wipe.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void *freed(void)
{
    void *block = malloc(512);
    free(block);
    return block;
}

int main(void)
{
    int ends[2], file = open("/proc/self/exe", O_RDONLY), lock = memfd_create("lock", 0);
    char *shorter = malloc(16);
    REQUIRE(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0);
    ioctl(ends[0], FIONREAD, freed());
    ioctl(ends[0], FIONBIO, freed());
    ioctl(ends[0], SIOCGIFMTU, strcpy(shorter, "lo"));
    fcntl(lock, F_GETLK, freed());
    fcntl(lock, F_SETLK, freed());
    if (!fork())
        _exit(0);
    waitid(P_ALL, 0, freed(), WEXITED);
    sched_getaffinity(0, 128, freed());
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGUSR1);
    sigwaitinfo(&set, freed());
    struct iovec vector = {freed(), 10};
    struct mmsghdr message = {.msg_hdr = {.msg_iov = &vector, .msg_iovlen = 1}};
    sendmmsg(ends[0], &message, 1, 0);
    sendto(ends[0], "x", 1, 0, freed(), 8);
    getrlimit(RLIMIT_AS, freed());
    say("no more");
    int *number = malloc(sizeof(int));
    errno = 0;
    REQUIRE(ioctl(ends[0], FIONREAD, number) == 0);
    ioctl(file, FS_IOC_GETFLAGS, number);
    ioctl(file, TCGETS, freed());
    ioctl(-1, FIONREAD, freed());
    REQUIRE(fcntl(file, F_SETFD, FD_CLOEXEC) == 0 && fcntl(file, F_GETFD) == FD_CLOEXEC);
    REQUIRE(fcntl(file, F_DUPFD, 500) == 500);
    struct flock *whole = malloc(sizeof(*whole));
    *whole = (struct flock){.l_type = F_WRLCK};
    REQUIRE(fcntl(lock, F_SETLK, whole) == 0);
    free(whole);
    free(number);
    return 0;
}
