// SPDX-License-Identifier: MIT
//
// Loses 1234 bytes in planted(), then ends in the way its first argument says.
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void *volatile last;
static pthread_barrier_t barrier;
static char *self;

static __attribute__((noinline)) void planted(void)
{
    last = malloc(1234);
    last = NULL;
}

static __attribute__((noinline)) void wipe(void)
{
    volatile char dirt[16384];
    for (size_t i = 0; i < sizeof(dirt); i++)
        dirt[i] = 0;
}

static void lose(void)
{
    planted();
    wipe();
}

static void *sleeper(void *unused)
{
    pthread_barrier_wait(&barrier);
    for (;;)
        pause();
    return unused;
}

static void *exiter(void *unused)
{
    lose();
    exit(5);
    return unused;
}

static void *late(void *unused)
{
    pthread_join(*(pthread_t *)unused, NULL);
    lose();
    return NULL;
}

static void exit_handler(int signal)
{
    exit(signal == SIGUSR1 ? 6 : 1);
}

static void underscore_handler(int signal)
{
    _exit(signal == SIGUSR1 ? 7 : 1);
}

static void start_sleepers(int count)
{
    pthread_t thread;
    pthread_barrier_init(&barrier, NULL, (unsigned)count + 1);
    while (count--)
        pthread_create(&thread, NULL, sleeper, NULL);
    pthread_barrier_wait(&barrier);
}

static void fork_and(int twice)
{
    pid_t child = fork();
    if (child) {
        int status;
        waitpid(child, &status, 0);
        return;
    }
    if (twice && fork())
        _exit(0);
    lose();
    _exit(3);
}

static void exec_in(const char *how)
{
    char *arguments[] = {self, "nothing", NULL};
    if (!strcmp(how, "execv"))
        execv(self, arguments);
    if (!strcmp(how, "execl"))
        execl(self, self, "nothing", NULL);
    if (!strcmp(how, "execlp"))
        execlp("sh", "sh", "-c", "exit 0", NULL);
    if (!strcmp(how, "execle"))
        execle(self, self, "nothing", NULL, environ);
    if (!strcmp(how, "fexecve"))
        fexecve(3, arguments, environ);
}

static int divide(volatile int zero)
{
    return 1000 / zero;
}

int main(int argc, char **argv)
{
    const char *how = argv[1];
    self = argv[0];
    if (!strcmp(how, "nothing"))
        return 0;
    if (strcmp(how, "thread-exit") && strcmp(how, "main-pthread_exit") && strncmp(how, "fork", 4) && strcmp(how, "daemon"))
        lose();
    if (!strcmp(how, "exit"))
        exit(0);
    if (!strcmp(how, "_exit"))
        _exit(0);
    if (!strcmp(how, "_Exit"))
        _Exit(4);
    if (!strcmp(how, "quick_exit"))
        quick_exit(0);
    if (!strcmp(how, "return-threads"))
        start_sleepers(4);
    if (!strcmp(how, "thread-exit")) {
        pthread_t thread;
        pthread_create(&thread, NULL, exiter, NULL);
        pthread_join(thread, NULL);
    }
    if (!strcmp(how, "main-pthread_exit")) {
        static pthread_t own, thread;
        own = pthread_self();
        pthread_create(&thread, NULL, late, &own);
        pthread_exit(NULL);
    }
    if (!strcmp(how, "handler-exit") || !strcmp(how, "handler-_exit")) {
        signal(SIGUSR1, how[8] == '_' ? underscore_handler : exit_handler);
        raise(SIGUSR1);
    }
    if (!strcmp(how, "abort"))
        abort();
    if (!strcmp(how, "segv"))
        *(volatile int *)8 = 1;
    if (!strcmp(how, "fpe"))
        return divide(0);
    if (!strcmp(how, "ill"))
        __builtin_trap();
    if (!strncmp(how, "signal-", 7)) {
        start_sleepers(argc > 2 ? atoi(argv[2]) : 0);
        signal(atoi(how + 7), SIG_DFL); /* shells have jobs in the background ignore some */
        kill(getpid(), atoi(how + 7));
        pause();
    }
    if (!strcmp(how, "alarm")) {
        signal(SIGALRM, SIG_IGN);
        signal(SIGALRM, SIG_DFL);
        ualarm(1, 0);
        for (;;)
            pause();
    }
    if (!strcmp(how, "sigkill"))
        raise(SIGKILL);
    if (!strcmp(how, "pipe")) {
        int ends[2];
        if (pipe(ends) == 0)
            close(ends[0]);
        return (int)write(ends[1], "", 1);
    }
    if (!strcmp(how, "fork"))
        fork_and(0);
    if (!strcmp(how, "fork-fork"))
        fork_and(1);
    if (!strcmp(how, "daemon-parent"))
        return daemon(1, 1);
    if (!strcmp(how, "daemon")) {
        int ends[2];
        char byte;
        if (pipe(ends) || fork())
            return close(ends[1]) + (int)read(ends[0], &byte, 1);
        close(ends[0]);
        if (daemon(0, 0) == 0)
            lose();
        return 0;
    }
    if (!strncmp(how, "exec", 4) || !strcmp(how, "fexecve"))
        exec_in(how);
    return 0;
}
