// SPDX-License-Identifier: MIT
// flags: -pthread
// Exceptions pass through operator new, through libc's callbacks and out of ended threads, as fast as they can be thrown.
#include "wipe.h"
#include <cstdlib>
#include <new>
#include <pthread.h>
#include <string>

enum { ROUNDS = 3000 };
static int destroyed;

struct no_memory {};
struct guard {
    ~guard() { __atomic_add_fetch(&destroyed, 1, __ATOMIC_RELAXED); }
};

static void give_up()
{
    throw no_memory();
}

static int compare_throwing(const void *a, const void *b)
{
    std::string *text = new std::string("thrown through a callback of libc, long enough to be on the heap");
    std::string copy = *text;
    delete text;
    throw copy;
}

static int rounds()
{
    int caught = 0;
    for (volatile int i = 0; i < ROUNDS; i++) {
        guard g;
        try {
            operator delete(operator new((size_t(1) << 46) + 4096));
        } catch (const no_memory &) {
            caught++;
        }
        try {
            int numbers[] = {2, 1};
            qsort(numbers, 2, sizeof(int), compare_throwing);
        } catch (const std::string &text) {
            caught += text.size() > 20;
        }
    }
    return caught;
}

static void end_here(int depth)
{
    guard g;
    if (depth)
        end_here(depth - 1);
    free(malloc(10));
    pthread_exit(NULL);
}

static void *worker(void *)
{
    REQUIRE(rounds() == 2 * ROUNDS);
    end_here(5);
    return NULL;
}

int main()
{
    pthread_t threads[2];
    std::set_new_handler(give_up);
    for (pthread_t &thread : threads)
        REQUIRE(pthread_create(&thread, NULL, worker, NULL) == 0);
    REQUIRE(rounds() == 2 * ROUNDS);
    for (pthread_t &thread : threads)
        REQUIRE(pthread_join(thread, NULL) == 0);
    REQUIRE(destroyed == 3 * ROUNDS + 2 * 6);
    say("after");
    return 0;
}
