// SPDX-License-Identifier: MIT
// flags: -pthread
// Nothing is reported, and the end does not hang: the thread that holds the block has masked every signal.
#include "wipe.h"
#include <pthread.h>
#include <signal.h>

static int ready[2], never[2];

static void *worker(void *unused)
{
    void *volatile local = malloc(64);
    char byte = 1;
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    write(ready[1], &byte, 1);
    read(never[0], &byte, 1);
    return local;
}

int main(void)
{
    pthread_t threads[3];
    char byte;
    REQUIRE(pipe(ready) == 0 && pipe(never) == 0);
    for (int i = 0; i < 3; i++) {
        pthread_create(&threads[i], NULL, worker, NULL);
        read(ready[0], &byte, 1);
    }
    wipe_stack();
    say("after");
    return 0;
}
