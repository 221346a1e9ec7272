// SPDX-License-Identifier: MIT
// flags: -pthread -O1
// Nothing is reported: eight threads that run to the end each hold blocks in a register, a vector register, a local variable, a thread-local
// variable, one with a destructor, thread-specific data, memory they mapped, and the data and thread-local data of a library that was
// loaded, and nowhere else.
#include "wipe.h"
#include <atomic>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>

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
static std::atomic<int> ready, slot;
static void (*keep_in)(int slot, size_t size);

static void __attribute__((noinline)) map()
{
    void **volatile page = (void **)mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page[100] = malloc(70);
    page = nullptr;
}

static void *hold(void *)
{
    map();
    keep_in(slot++, 80);
    wipe_stack();
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
    char path[4096];
    snprintf(path, sizeof(path), "%s/plugin_keeper.so", getenv("PLUGINS"));
    void *library = dlopen(path, RTLD_NOW);
    REQUIRE(library);
    keep_in = (void (*)(int, size_t))dlsym(library, "keep_in");
    pthread_key_create(&key, nullptr);
    for (int i = 0; i < 8; i++)
        pthread_create(&thread, nullptr, hold, nullptr);
    while (ready < 8)
        usleep(1000);
    wipe_stack();
    say("after");
    return 0;
}
