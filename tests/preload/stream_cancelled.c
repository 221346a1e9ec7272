// SPDX-License-Identifier: MIT
// A thread is cancelled while it waits in fgets() or fread(), which were told of more room than the block has; the stream must be
// free for others afterwards, as it is after the real functions.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static FILE *stream;
static char *block;
static int ready[2];

static void *in_fgets(void *unused)
{
    (void)unused;
    write(ready[1], "r", 1);
    fgets(block, 100, stream);
    return NULL;
}

static void *in_fread(void *unused)
{
    (void)unused;
    write(ready[1], "r", 1);
    fread(block, 1, 100, stream);
    return NULL;
}

static int cancel(void *(*function)(void *))
{
    int ends[2];
    char byte;
    pthread_t thread;
    void *result;
    if (pipe(ends) || pipe(ready) || !(stream = fdopen(ends[0], "r")))
        return 1;
    pthread_create(&thread, NULL, function, NULL);
    read(ready[0], &byte, 1);
    pthread_cancel(thread);
    pthread_join(thread, &result);
    if (result != PTHREAD_CANCELED)
        return 2;
    write(ends[1], "x", 1);
    if (getc(stream) != 'x')
        return 3;
    fclose(stream);
    close(ends[1]);
    close(ready[0]);
    close(ready[1]);
    return 0;
}

int main(void)
{
    block = malloc(8);
    int failed = cancel(in_fgets);
    if (!failed)
        failed = cancel(in_fread);
    free(block);
    return failed;
}
