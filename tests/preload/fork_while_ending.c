// SPDX-License-Identifier: MIT
// flags: -lpthread
// Processes end while their threads fork: between the handlers around fork, what runs at the end must not take one away.
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int forked;

static void *fork_on(void *unused)
{
    for (;;) {
        pid_t child = fork();
        if (!child)
            _exit(0);
        forked = 1;
        waitpid(child, NULL, 0);
    }
    return unused;
}

static int end_while_forking(void)
{
    for (int i = 0; i < 5; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, fork_on, NULL);
    }
    while (!forked)
        usleep(1000);
    exit(0);
}

int main(void)
{
    for (int round = 0; round < 20; round++) {
        int status;
        pid_t child = fork();
        if (!child)
            end_while_forking();
        if (waitpid(child, &status, 0) != child || status)
            return 1;
    }
    return 0;
}
