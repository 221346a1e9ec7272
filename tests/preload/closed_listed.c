// SPDX-License-Identifier: MIT
// What /proc/self/fd lists can be closed, again and again, in either order; freed blocks stay
// inaccessible.
// options: leak_check=0
// compact: no, the block is accessible there
#include "wipe.h"
#include <dirent.h>
#include <pthread.h>
#include <unistd.h>

static int close_listed(void)
{
    DIR *list = opendir("/proc/self/fd");
    int closed = 0, failed = 0;
    for (struct dirent *entry; (entry = readdir(list));) {
        int fd = atoi(entry->d_name);
        if (fd > 2 && fd != dirfd(list))
            close(fd) ? failed++ : closed++;
    }
    closedir(list);
    return failed ? -1 : closed;
}

static void *allocate(void *stop)
{
    while (!__atomic_load_n((int *)stop, __ATOMIC_RELAXED))
        free(malloc(100));
    return NULL;
}

int main(void)
{
    int stop = 0;
    pthread_t thread;
    for (int i = 0; i < 3; i++)
        REQUIRE(close_listed() >= 0);
    REQUIRE(pthread_create(&thread, NULL, allocate, &stop) == 0);
    for (int i = 0; i < 100; i++)
        close_listed();
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    for (int i = 1023; i > 2; i--)
        close(i);
    for (int i = 3; i < 1024; i++)
        close(i);
    for (int i = 0; i < 1024; i++)
        if (dup2(2, i < 3 ? 3 : i) < 0)
            return 1;
    char *block = malloc(100);
    free(block);
    block[0] = 1;
    say("after");
    return 0;
}
