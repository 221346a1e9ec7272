// SPDX-License-Identifier: MIT
// flags: -pthread
// Nothing is reported: children of a process with busy threads allocate and free.
#include "wipe.h"
#include <pthread.h>
#include <sys/wait.h>

static volatile int stop;

static void *worker(void *unused)
{
    while (!stop)
        free(malloc(100));
    return NULL;
}

int main(void)
{
    pthread_t threads[2];
    void *before = malloc(10);
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, worker, NULL);
    for (int i = 0; i < 20; i++) {
        pid_t child = fork();
        if (child == 0) {
            for (int j = 0; j < 500; j++)
                free(realloc(malloc(20 + j), 2000));
            free(before);
            _exit(0);
        }
        int status;
        REQUIRE(waitpid(child, &status, 0) == child && status == 0);
    }
    stop = 1;
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    free(before);
    say("after");
    return 0;
}
