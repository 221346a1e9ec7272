// SPDX-License-Identifier: MIT
// flags: -pthread
// options: leak_kinds=possible
// Reported: in eight threads that go on, each kind of leak and each kind of pointer into the middle: definite 8 x 100, indirect 8 x 200, possible 8 x 300; as
// reachable: arrays of objects with destructors, objects by their second base, blocks behind their length.
#include "wipe.h"
#include <atomic>
#include <pthread.h>

struct counted {
    char bytes[56];
    ~counted()
    {
        bytes[0] = 1;
    }
};
struct first {
    virtual ~first() = default;
    char bytes[40];
};
struct second {
    virtual ~second() = default;
    char bytes[48];
};
struct both : first, second {
};

static std::atomic<int> ready;

static void __attribute__((noinline)) lose()
{
    void **volatile lost = (void **)malloc(100);
    *lost = malloc(200);
    lost = nullptr;
}

static void *work(void *)
{
    lose();
    wipe_stack();
    volatile struct {
        char *middle;
        counted *array;
        second *base;
        uint64_t *behind_length;
    } held;
    held.middle = (char *)malloc(300) + 150;
    held.array = new counted[9];
    held.base = new both;
    uint64_t *with_length = (uint64_t *)malloc(8 + 400);
    *with_length = 400;
    held.behind_length = with_length + 1;
    with_length = nullptr;
    wipe_stack();
    ready++;
    for (;;)
        pause();
    return (void *)&held;
}

int main()
{
    pthread_t thread;
    for (int i = 0; i < 8; i++)
        pthread_create(&thread, nullptr, work, nullptr);
    while (ready < 8)
        usleep(1000);
    wipe_stack();
    say("after");
    return 0;
}
