// SPDX-License-Identifier: MIT
// flags: -pthread
// Processes end while their threads flush all streams, and so hold a lock of libc most of the time that exit() waits for.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void *streams(void *unused)
{
    for (;;)
        fflush(NULL);
    return unused;
}

int main(void)
{
    for (int i = 0; i < 10; i++) {
        pid_t child = fork();
        int status;
        if (!child) {
            pthread_t thread;
            for (int n = 0; n < 3; n++)
                pthread_create(&thread, NULL, streams, NULL);
            usleep((unsigned)(500 + i * 37));
            exit(3);
        }
        if (waitpid(child, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 3)
            return 1;
    }
    return 0;
}
