// SPDX-License-Identifier: MIT
// options: leak_check=0
// flags: -pthread
// compact: no, the kernel writes into freed memory there
// Reported: the kernel writes into a block that was freed while a call waited; not a block that it
// was through with by then.
#include "wipe.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static int ends[2];
static void *block;
static volatile int about_to_wait, thread_id;

// Nothing else waits between the flag and the call.
static void await_waiting(void)
{
    char path[64], text[512], *state;
    while (!about_to_wait)
        usleep(100);
    snprintf(path, sizeof(path), "/proc/self/task/%d/stat", thread_id);
    do {
        int fd = open(path, O_RDONLY);
        long length = read(fd, text, sizeof(text) - 1);
        close(fd);
        text[length > 0 ? length : 0] = 0;
        state = strrchr(text, ')');
    } while (!state || state[2] != 'S');
    about_to_wait = 0;
}

static void *take_signal(void *unused)
{
    thread_id = syscall(SYS_gettid);
    about_to_wait = 1;
    return (void *)(long)sigwaitinfo(block, NULL);
}

static void *read_pipe(void *unused)
{
    thread_id = syscall(SYS_gettid);
    about_to_wait = 1;
    long result = read(ends[0], block, 100);
    return (void *)(result == -1 && errno == EFAULT ? 1L : 0);
}

int main(void)
{
    pthread_t thread;
    void *result;
    sigset_t set;
    REQUIRE(pipe(ends) == 0);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    block = malloc(sizeof(set));
    memcpy(block, &set, sizeof(set));
    pthread_create(&thread, NULL, take_signal, NULL);
    await_waiting();
    free(block);
    pthread_kill(thread, SIGUSR1);
    pthread_join(thread, &result);
    REQUIRE((long)result == SIGUSR1);
    say("signal");

    block = malloc(100);
    pthread_create(&thread, NULL, read_pipe, NULL);
    await_waiting();
    free(block);
    REQUIRE(write(ends[1], "data", 4) == 4);
    pthread_join(thread, &result);
    REQUIRE(result);
    say("pipe");
    return 0;
}
