// SPDX-License-Identifier: MIT
// flags: -pthread
// Reported: definite leak of 20003 bytes, the alternate signal stack of a thread that has ended. Those of threads that
// live are known to the kernel alone, however they were registered, and what lies on them is reachable as well.
#include "wipe.h"
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>

static int ready[2], never[2];

static __attribute__((noinline)) void use_stack(size_t size, int raw)
{
    stack_t stack = {.ss_sp = malloc(size), .ss_size = size};
    *(void **)((char *)stack.ss_sp + 64) = malloc(size + 1000);
    if (raw)
        REQUIRE(syscall(SYS_sigaltstack, &stack, NULL) == 0);
    else
        REQUIRE(sigaltstack(&stack, NULL) == 0);
}

static void *lives(void *raw)
{
    char byte = 1;
    use_stack(20001, raw != NULL);
    wipe_stack();
    write(ready[1], &byte, 1);
    read(never[0], &byte, 1);
    return NULL;
}

static void *ends(void *unused)
{
    stack_t stack = {.ss_sp = malloc(20003), .ss_size = 20003};
    sigaltstack(&stack, NULL);
    stack.ss_sp = NULL;
    wipe_stack();
    return NULL;
}

int main(void)
{
    pthread_t thread;
    char byte;
    REQUIRE(pipe(ready) == 0 && pipe(never) == 0);
    for (int raw = 0; raw < 2; raw++) {
        pthread_create(&thread, NULL, lives, raw ? &byte : NULL);
        read(ready[0], &byte, 1);
    }
    pthread_create(&thread, NULL, ends, NULL);
    pthread_join(thread, NULL);
    use_stack(20002, 0);
    wipe_stack();
    say("after");
    return 0;
}
