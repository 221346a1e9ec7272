// SPDX-License-Identifier: MIT
// flags: -pthread
// Nothing is reported: the argument of a thread that has perhaps not begun is held by whatever makes the thread, be it
// pthread_create, thrd_create.
#include "mmguard.h"
#include "wipe.h"
#include <pthread.h>
#include <threads.h>

static void *run(void *argument)
{
    free(argument);
    return malloc(234);
}

static int run_c11(void *argument)
{
    free(argument);
    return 0;
}

static void __attribute__((noinline)) begin(pthread_t *thread, thrd_t *other)
{
    REQUIRE(pthread_create(thread, NULL, run, malloc(123)) == 0);
    REQUIRE(thrd_create(other, run_c11, malloc(321)) == thrd_success);
}

int main(void)
{
    for (int i = 0; i < 30; i++) {
        pthread_t threads[8];
        thrd_t others[8];
        struct mmguard_leaks leaks;
        for (int k = 0; k < 8; k++) {
            begin(&threads[k], &others[k]);
            wipe_stack();
            REQUIRE(mmguard_check_leaks(&leaks) == 1);
            REQUIRE(leaks.definite_blocks == 0 && leaks.indirect_blocks == 0);
        }
        for (int k = 0; k < 8; k++) {
            void *result;
            pthread_join(threads[k], &result);
            free(result);
            thrd_join(others[k], NULL);
        }
    }
    say("after");
    return 0;
}
