// SPDX-License-Identifier: MIT
// Nothing is reported: each call gets EFAULT from the kernel, as without libguard.
#define _GNU_SOURCE
#include "wipe.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#define FAULTS(call)                                                                               \
    do {                                                                                           \
        errno = 0;                                                                                 \
        long result_ = (long)(call);                                                               \
        if (result_ != -1 || errno != EFAULT)                                                      \
            printf("%s: %ld, %d\n", #call, result_, errno);                                        \
    } while (0)

static void try(void *bad)
{
    char *const arguments[] = {"x", NULL};
    struct rlimit limit;
    int null = open("/dev/null", O_RDWR), ends[2];
    struct msghdr message = {.msg_iov = bad, .msg_iovlen = 1};
    REQUIRE(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0);
    REQUIRE(getrlimit(RLIMIT_DATA, &limit) == 0);
    FAULTS(writev(null, bad, 1));
    FAULTS(readv(ends[0], bad, 1));
    FAULTS(pwritev(null, bad, 1, 0));
    FAULTS(sendmsg(ends[0], bad, 0));
    FAULTS(recvmsg(ends[0], bad, MSG_DONTWAIT));
    FAULTS(sendmsg(ends[0], &message, 0));
    FAULTS(execve(bad, arguments, NULL));
    FAULTS(execv(bad, arguments));
    FAULTS(setrlimit(RLIMIT_DATA, bad ? bad : (void *)1));
    FAULTS(prlimit(0, RLIMIT_AS, bad ? bad : (void *)1, NULL));
    FAULTS(getrlimit(RLIMIT_AS, bad ? bad : (void *)1));
    FAULTS(getrlimit(RLIMIT_STACK, bad ? bad : (void *)1));
    FAULTS(sigsuspend(bad));
    FAULTS(sigaltstack(NULL, bad ? bad : (void *)1));
    FAULTS(sigaltstack(bad ? bad : (void *)1, NULL));
    FAULTS(sigprocmask(SIG_BLOCK, NULL, bad ? bad : (void *)1));
    FAULTS(getrusage(RUSAGE_SELF, bad));
    FAULTS(epoll_wait(epoll_create1(0), bad ? bad : (void *)8, 1, 0) ? -1 : (errno = EFAULT, -1));
    FAULTS(socketpair(AF_UNIX, SOCK_STREAM, 0, bad));
    FAULTS(pipe(bad));
    FAULTS(stat(bad, bad));
    FAULTS(access(bad, 0));
    FAULTS(statfs("/", bad));
    FAULTS(nanosleep(bad, NULL));
    FAULTS(getsockname(ends[0], bad, bad));
    FAULTS(ppoll(NULL, 0, NULL, bad ? bad : (void *)1));
    close(ends[0]), close(ends[1]), close(null);
}

int main(void)
{
    char *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    void *block = malloc(16);
    free(block);
    try(NULL);
    try((void *)1);
    try(page);
    munmap(page, 4096);
    try(page);
    say("after");
    return 0;
}
