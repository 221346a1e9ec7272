// SPDX-License-Identifier: MIT
// flags: -pthread
// Nothing is reported: objects with destructors at the ends of eight threads, and of the program, free what they hold.
#include "wipe.h"
#include <pthread.h>

struct holder {
    char *held = nullptr;
    ~holder()
    {
        delete[] held;
    }
};

static thread_local holder by_thread;
static holder by_program;

static void *work(void *)
{
    by_thread.held = new char[100];
    return nullptr;
}

int main()
{
    pthread_t threads[8];
    for (pthread_t &thread : threads)
        pthread_create(&thread, nullptr, work, nullptr);
    for (pthread_t thread : threads)
        pthread_join(thread, nullptr);
    work(nullptr);
    by_program.held = new char[200];
    wipe_stack();
    say("after");
}
