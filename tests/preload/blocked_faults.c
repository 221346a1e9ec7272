// SPDX-License-Identifier: MIT
// options: leak_check=0
// compact: no, a fault is what this is about
// Reported: seven heap-buffer-overflow-writes of 1 byte, by threads that have all signals blocked: by who started the program, by a thread's attributes, by
// libc for a timer's function, by a context, and by the calls of BSD and System V.
#define _GNU_SOURCE
#include "wipe.h"
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

static ucontext_t context, back;
static volatile int fired;

static void overflow(void)
{
    volatile char *block = malloc(16);
    block[16] = 1;
    free((void *)block);
}

static void inherited(void)
{
    overflow();
}

static void *by_attributes(void *unused)
{
    overflow();
    return NULL;
}

static void by_timer(union sigval unused)
{
    overflow();
    fired = 1;
}

static void by_context(void)
{
    overflow();
    swapcontext(&context, &back);
}

static void by_sigsetmask(void)
{
    sigsetmask(~0);
    overflow();
}

static void by_sigblock(void)
{
    sigblock(~0);
    overflow();
}

static void by_sighold(void)
{
    REQUIRE(sighold(SIGSEGV) == 0 && sighold(SIGBUS) == 0 && sighold(0) == -1);
    overflow();
}

int main(int argc, char **argv)
{
    static char stack[1 << 16];
    sigset_t all;
    sigfillset(&all);
    if (argc == 1) {
        unsigned long mask = ~0ul;
        syscall(SYS_rt_sigprocmask, SIG_BLOCK, &mask, NULL, 8);
        execl("/proc/self/exe", argv[0], "blocked", (char *)NULL);
        return 1;
    }
    inherited();

    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    REQUIRE(pthread_attr_setsigmask_np(&attributes, &all) == 0);
    REQUIRE(pthread_create(&thread, &attributes, by_attributes, NULL) == 0);
    pthread_join(thread, NULL);

    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = by_timer};
    struct itimerspec soon = {.it_value.tv_nsec = 1000000};
    REQUIRE(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    REQUIRE(timer_settime(timer, 0, &soon, NULL) == 0);
    while (!fired)
        usleep(1000);

    getcontext(&context);
    context.uc_stack.ss_sp = stack;
    context.uc_stack.ss_size = sizeof stack;
    context.uc_sigmask = all;
    makecontext(&context, by_context, 0);
    REQUIRE(swapcontext(&back, &context) == 0);

    by_sigsetmask();
    by_sigblock();
    by_sighold();
    say("after");
    return 0;
}
