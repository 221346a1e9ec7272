// SPDX-License-Identifier: MIT
// flags: -pthread
// Nothing is reported: a thread with the smallest stack there may be can allocate.
#include "wipe.h"
#include <limits.h>
#include <pthread.h>

static void *worker(void *unused)
{
    for (int i = 0; i < 100; i++)
        free(malloc(100));
    return NULL;
}

int main(void)
{
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    REQUIRE(pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN) == 0);
    REQUIRE(pthread_create(&thread, &attributes, worker, NULL) == 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    say("after");
    return 0;
}
