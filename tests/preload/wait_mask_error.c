// SPDX-License-Identifier: MIT
// compact: no, a fault is what this is about
// Reported: a heap-buffer-overflow-read of 1 byte in each of five handlers, which run while main waits with all signals blocked but theirs.
#define _GNU_SOURCE
#include "wipe.h"
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>

static char *volatile blocks[5];
static volatile int called;

static void on_suspend(int number)
{
    volatile char value = blocks[0][16];
    called++;
}

static void on_poll(int number)
{
    volatile char value = blocks[1][16];
    called++;
}

static void on_select(int number)
{
    volatile char value = blocks[2][16];
    called++;
}

static void on_epoll(int number)
{
    volatile char value = blocks[3][16];
    called++;
}

static void on_epoll2(int number)
{
    volatile char value = blocks[4][16];
    called++;
}

int main(void)
{
    sigset_t blocked, waited;
    struct timespec patience = {.tv_sec = 20};
    struct epoll_event event;
    int descriptor = epoll_create1(EPOLL_CLOEXEC);
    void (*handlers[])(int) = {on_suspend, on_poll, on_select, on_epoll, on_epoll2};
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    sigfillset(&waited);
    sigdelset(&waited, SIGUSR1);
    for (int i = 0; i < 5; i++) {
        blocks[i] = malloc(16);
        struct sigaction action = {.sa_handler = handlers[i]};
        sigaction(SIGUSR1, &action, NULL);
        raise(SIGUSR1);
        REQUIRE(called == i);
        switch (i) {
        case 0:
            REQUIRE(sigsuspend(&waited) == -1);
            break;
        case 1:
            REQUIRE(ppoll(NULL, 0, &patience, &waited) == -1);
            break;
        case 2:
            REQUIRE(pselect(0, NULL, NULL, NULL, &patience, &waited) == -1);
            break;
        case 3:
            REQUIRE(epoll_pwait(descriptor, &event, 1, 20000, &waited) == -1);
            break;
        default:
            REQUIRE(epoll_pwait2(descriptor, &event, 1, &patience, &waited) == -1);
        }
        free(blocks[i]);
    }
    say("after");
    return 0;
}
