/* SPDX-License-Identifier: MIT
 *
 * Bug: a worker thread that finds nothing to do returns without freeing its scratch memory.
 * mmguard: a definite leak of 3,000 bytes in 3 blocks, allocated by worker_scratch from worker in a thread that main
 * created.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *volatile last;

__attribute__((noinline)) char *worker_scratch(void)
{
    char *scratch = malloc(1000);
    if (!scratch)
        exit(1);
    memset(scratch, 1, 1000);
    last = scratch;
    return scratch;
}

__attribute__((noinline)) void *worker(void *jobs)
{
    char *scratch = worker_scratch();
    if (*(int *)jobs == 0)
        return NULL; /* should free(scratch) */
    free(scratch);
    return NULL;
}

int main(void)
{
    int jobs[4] = {0, 7, 0, 0};
    for (int i = 0; i < 4; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, worker, &jobs[i]))
            return 1;
        pthread_join(thread, NULL);
    }
    last = NULL;
    puts("joined");
    return 0;
}
