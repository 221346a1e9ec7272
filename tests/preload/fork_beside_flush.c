// SPDX-License-Identifier: MIT
// flags: -pthread
// Nothing is reported: the main thread forks while another flushes all streams, one of which allocates when it is written.
#define _GNU_SOURCE
#include "wipe.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/wait.h>

static atomic_bool stop;

static ssize_t write_cookie(void *cookie, const char *text, size_t length)
{
    for (int i = 0; i < 3; i++)
        free(malloc(4 << 20));
    return length;
}

static void *flush(void *unused)
{
    FILE *stream = fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_cookie});
    while (!stop) {
        fputc('x', stream);
        fflush(NULL);
    }
    fclose(stream);
    return NULL;
}

int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, flush, NULL);
    for (int i = 0; i < 100; i++) {
        int status;
        pid_t child = fork();
        if (child == 0)
            _exit(0);
        REQUIRE(waitpid(child, &status, 0) == child && status == 0);
    }
    stop = 1;
    pthread_join(thread, NULL);
    say("after");
    return 0;
}
