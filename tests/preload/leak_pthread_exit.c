// SPDX-License-Identifier: MIT
// flags: -pthread -Wl,--no-as-needed -lgcc_s
// Reported: a definite leak of 50 bytes in late. The main thread has ended before the process does.
#include "wipe.h"
#include <pthread.h>

static pthread_t main_thread;

static void *late(void *unused)
{
    pthread_join(main_thread, NULL);
    void *volatile lost = malloc(50);
    lost = NULL;
    wipe_stack();
    say("after");
    return NULL;
}

int main(void)
{
    pthread_t thread;
    main_thread = pthread_self();
    pthread_create(&thread, NULL, late, NULL);
    pthread_exit(NULL);
}
