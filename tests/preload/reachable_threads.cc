// SPDX-License-Identifier: MIT
// flags: -pthread -O1
// Nothing is reported: eight threads that run to the end each hold blocks in a register, a vector register, a local variable, a thread-local
// variable, one with a destructor, and thread-specific data, and nowhere else.
#include "wipe.h"
#include <atomic>
#include <pthread.h>

struct holder {
    void *held = nullptr;
    ~holder()
    {
        free(held);
    }
};

static thread_local void *volatile variable;
static thread_local holder object;
static pthread_key_t key;
static std::atomic<int> ready;

static void *hold(void *)
{
    void *volatile local = malloc(30);
    variable = malloc(40);
    object.held = malloc(50);
    pthread_setspecific(key, malloc(60));
    register void *in_register asm("r13") = malloc(10);
    void *in_vector = malloc(20);
    asm volatile("movq %1, %%xmm7\n\txor %1, %1\n\tlock incl %0\n1: pause\n\tjmp 1b"
                 : "+m"(ready), "+r"(in_vector)
                 : "r"(in_register), "m"(local)
                 : "xmm7");
    return nullptr;
}

int main()
{
    pthread_t thread;
    pthread_key_create(&key, nullptr);
    for (int i = 0; i < 8; i++)
        pthread_create(&thread, nullptr, hold, nullptr);
    while (ready < 8)
        usleep(1000);
    wipe_stack();
    say("after");
    return 0;
}
