// SPDX-License-Identifier: MIT
// flags: -pthread -D_GLIBCXX_USE_CXX11_ABI=0
// options: leak_kinds=possible
// Reported: in eight threads that go on, each kind of leak and each kind of pointer into the middle: definite 8 x 100, indirect 8 x 200, possible 8 x 300; as
// reachable 8 x 4 blocks of 1,059 bytes.
#include "many_kinds.h"
#include <atomic>
#include <pthread.h>

static std::atomic<int> ready;

static void *work(void *)
{
    volatile held held;
    alignas(std::string) char string[sizeof(std::string)];
    lose();
    wipe_stack();
    hold(&held, (std::string *)string);
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
