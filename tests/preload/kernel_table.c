// SPDX-License-Identifier: MIT
// Reported: a write into a freed block for each call that fills one, a read for each that takes one;
// calls that fail before they come to their memory are not reported, and what fits is not.
// compact: no, the kernel writes into freed memory there
#define _GNU_SOURCE
#include "wipe.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void *freed(void)
{
    void *block = malloc(512);
    free(block);
    return block;
}

int main(void)
{
    int ends[2], epoll = epoll_create1(0);
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    getrusage(RUSAGE_SELF, freed());
    sysinfo(freed());
    statfs("/", freed());
    socketpair(AF_UNIX, SOCK_STREAM, 0, freed());
    epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], freed());
    nanosleep(freed(), NULL);
    select(4, NULL, freed(), NULL, NULL);
    socklen_t length = 4;
    getsockopt(ends[0], SOL_SOCKET, SO_TYPE, freed(), &length);
    statx(AT_FDCWD, "/", 0, STATX_ALL, freed());
    faccessat(AT_FDCWD, freed(), 0, 0);
    if (!fork())
        _exit(0);
    waitpid(-1, freed(), 0);
    say("no more");
    getrusage(99, freed());
    getsockopt(-1, SOL_SOCKET, SO_TYPE, freed(), &length);
    epoll_ctl(epoll, EPOLL_CTL_DEL, ends[1], freed());
    waitpid(-1, freed(), 0);
    struct rusage *usage = malloc(sizeof(*usage));
    REQUIRE(getrusage(RUSAGE_SELF, usage) == 0);
    free(usage);
    return 0;
}
