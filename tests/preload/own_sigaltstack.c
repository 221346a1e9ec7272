// SPDX-License-Identifier: MIT
// compact: no, a fault is what this is about
// Reported: heap-buffer-overflow-write of 1 byte in main of a 16-byte block. The program's alternate stack is in use for its own
// handler before and after.
#include "wipe.h"
#include <setjmp.h>
#include <signal.h>

static char stack[65536];
static sigjmp_buf back;

static void handler(int number)
{
    char here;
    if (&here >= stack && &here < stack + sizeof(stack))
        say("on its own stack");
    siglongjmp(back, 1);
}

int main(void)
{
    stack_t own = {.ss_sp = stack, .ss_size = sizeof(stack)}, now;
    REQUIRE(sigaltstack(&own, NULL) == 0);
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
    sigaction(SIGSEGV, &action, NULL);
    volatile char *block = malloc(16);
    block[16] = 1;
    if (sigsetjmp(back, 1) == 0)
        *(volatile int *volatile)NULL = 1;
    REQUIRE(sigaltstack(NULL, &now) == 0 && now.ss_sp == stack && now.ss_size == sizeof(stack));
    free((void *)block);
    say("after");
    return 0;
}
