// SPDX-License-Identifier: MIT
// Coroutines whose stacks come and go, each allocating at many depths in turn with the others and with the main stack; the stack of a block
// from a coroutine ends where the coroutine begins.
#include "wipe.h"
#include <sys/mman.h>
#include <ucontext.h>

enum { COROUTINES = 8, TURNS = 40, GENERATIONS = 10, STACK = 64 * 1024 };
static ucontext_t main_context, contexts[COROUTINES];
static int generation;

static void allocate_at(int depth)
{
    if (depth)
        allocate_at(depth - 1);
    else
        free(malloc(64));
}

static void leak_at(int depth)
{
    if (depth)
        leak_at(depth - 1);
    else
        malloc(777);
}

static void turn(int self, int depth)
{
    allocate_at(depth);
    if (depth)
        turn(self, depth - 1);
    else
        swapcontext(&contexts[self], &main_context);
    allocate_at(depth);
}

static void coroutine(int self)
{
    for (int i = 0; i < TURNS; i++)
        turn(self, (self + i) % 7);
    if (self == 3 && generation == GENERATIONS - 1)
        leak_at(2);
}

int main(void)
{
    for (generation = 0; generation < GENERATIONS; generation++) {
        void *stacks[COROUTINES];
        for (int i = 0; i < COROUTINES; i++) {
            stacks[i] = i % 2 ? malloc(STACK)
                              : mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            REQUIRE(stacks[i] && stacks[i] != MAP_FAILED);
            REQUIRE(getcontext(&contexts[i]) == 0);
            contexts[i].uc_stack.ss_sp = stacks[i];
            contexts[i].uc_stack.ss_size = STACK;
            contexts[i].uc_link = &main_context;
            makecontext(&contexts[i], (void (*)(void))coroutine, 1, i);
        }
        for (int i = 0; i <= TURNS; i++)
            for (int k = 0; k < COROUTINES; k++) {
                swapcontext(&main_context, &contexts[k]);
                allocate_at(k);
            }
        for (int i = 0; i < COROUTINES; i++)
            if (i % 2)
                free(stacks[i]);
            else
                munmap(stacks[i], STACK);
    }
    __builtin_memset(contexts, 0, sizeof(contexts));
    __builtin_memset(&main_context, 0, sizeof(main_context));
    wipe_stack();
    say("after");
    return 0;
}
