// SPDX-License-Identifier: MIT
// Its constructor and its destructor, which run under the loader's lock, wait for a thread that makes the process's first call
// of many functions.
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static void *first_calls(void *unused)
{
    char name[16];
    close(open("/dev/null", O_RDONLY));
    prctl(PR_GET_NAME, name, 0, 0, 0);
    syscall(SYS_gettid);
    closefrom(200);
    signal(SIGUSR1, SIG_IGN);
    free(malloc(10));
    return unused;
}

static void join(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, first_calls, NULL);
    pthread_join(thread, NULL);
}

__attribute__((constructor)) static void begin(void)
{
    join();
}

__attribute__((destructor)) static void end(void)
{
    join();
}
