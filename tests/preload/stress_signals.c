// SPDX-License-Identifier: MIT
// flags: -pthread
// A handler on an alternate stack allocates a thousand times a second, whatever it interrupts, in threads with small stacks too; and the stack of a block from
// a handler goes on to what was interrupted.
#include "wipe.h"
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>

enum { SIGNALS = 300, THREADS = 3 };
static _Atomic int signals;
static void *volatile from_handler;

static void allocate_at(int depth)
{
    if (depth)
        allocate_at(depth - 1);
    else
        free(malloc(64));
}

static void on_alarm(int number)
{
    allocate_at(signals++ % 4);
}

static void on_user_signal(int number)
{
    from_handler = malloc(1234);
}

static void *worker(void *unused)
{
    char room[32768];
    stack_t stack = {.ss_sp = room, .ss_size = sizeof(room)}, none = {.ss_flags = SS_DISABLE};
    REQUIRE(sigaltstack(&stack, NULL) == 0);
    while (signals < SIGNALS)
        for (int i = 0; i < 20; i++)
            allocate_at(i);
    REQUIRE(sigaltstack(&none, NULL) == 0);
    return NULL;
}

static void *small_worker(void *unused)
{
    while (signals < SIGNALS)
        for (int i = 0; i < 20; i++)
            allocate_at(i);
    return NULL;
}

static void interrupted(int depth)
{
    if (depth)
        interrupted(depth - 1);
    else
        __asm__ volatile("int3");
}

int main(void)
{
    pthread_t threads[THREADS];
    pthread_attr_t attributes;
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_ONSTACK | SA_RESTART};
    struct itimerval often = {{0, 1000}, {0, 1000}}, never = {0};
    REQUIRE(sigaction(SIGALRM, &action, NULL) == 0);
    action.sa_handler = on_user_signal;
    REQUIRE(sigaction(SIGTRAP, &action, NULL) == 0);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN);
    for (int i = 0; i < THREADS; i++)
        REQUIRE(pthread_create(&threads[i], i ? &attributes : NULL, i ? small_worker : worker, NULL) == 0);
    REQUIRE(setitimer(ITIMER_REAL, &often, NULL) == 0);
    worker(NULL);
    for (int i = 0; i < THREADS; i++)
        REQUIRE(pthread_join(threads[i], NULL) == 0);
    REQUIRE(setitimer(ITIMER_REAL, &never, NULL) == 0);
    interrupted(2);
    from_handler = NULL;
    wipe_stack();
    say("after");
    return 0;
}
