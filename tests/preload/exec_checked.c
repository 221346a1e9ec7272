// SPDX-License-Identifier: MIT
// Nothing is reported: the program becomes another again and again, while a thread looks for leaks
// and a child asks for snapshots, both by a signal that kills where there is no handler.
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mmguard.h"

static char **program;
static char left[20];

static void *allocate(void *unused)
{
    for (;;)
        free(malloc(100));
}

static void *check(void *unused)
{
    struct mmguard_leaks leaks;
    for (;;)
        mmguard_check_leaks(&leaks);
}

static void *become(void *unused)
{
    usleep(rand() % 3000);
    execl(program[0], program[0], left, NULL);
    return NULL;
}

static void ask(pid_t process)
{
    siginfo_t info = {.si_signo = 63, .si_code = SI_QUEUE, .si_pid = getpid()};
    info.si_value.sival_ptr = (void *)(0x6d6d6773ul << 32 | 9999);
    for (int i = 0; i < 5; i++) {
        syscall(SYS_rt_sigqueueinfo, process, 63, &info);
        usleep(500);
    }
    _exit(0);
}

int main(int count, char **arguments)
{
    int rounds = count > 1 ? atoi(arguments[1]) : 15;
    pthread_t thread;
    sigset_t mask;
    program = arguments;
    srand(rounds);
    while (waitpid(-1, NULL, WNOHANG) > 0)
        continue;
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    for (int i = 1; i < 65; i++)
        if (sigismember(&mask, i))
            printf("signal %d is blocked\n", i);
    if (rounds <= 0) {
        puts("finished");
        return 0;
    }
    snprintf(left, sizeof left, "%d", rounds - 1);
    if (!fork())
        ask(getppid());
    pthread_create(&thread, NULL, allocate, NULL);
    pthread_create(&thread, NULL, check, NULL);
    pthread_create(&thread, NULL, become, NULL);
    for (;;)
        pause();
}
