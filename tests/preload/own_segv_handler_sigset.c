// SPDX-License-Identifier: MIT
// compact: no, a fault is what this is about
// Reported: three heap-buffer-overflow-writes of 1 byte in overflow, whichever way the program deals with SIGSEGV; its handler is called for its own
// faults only.
#define _GNU_SOURCE
#include "wipe.h"
#include <setjmp.h>
#include <signal.h>

static sigjmp_buf back;
static volatile int called;

static void handler(int number)
{
    called++;
    siglongjmp(back, 1);
}

static void overflow(volatile char *block)
{
    block[16] = 1;
    free((void *)block);
}

int main(void)
{
    REQUIRE(sigset(SIGSEGV, handler) == SIG_DFL);
    overflow(malloc(16));
    REQUIRE(called == 0);
    if (!sigsetjmp(back, 1))
        *(volatile int *volatile)NULL = 1;
    REQUIRE(called == 1);
    REQUIRE(siginterrupt(SIGSEGV, 1) == 0);
    overflow(malloc(16));
    REQUIRE(sigignore(SIGSEGV) == 0);
    overflow(malloc(16));
    REQUIRE(called == 1 && signal(SIGSEGV, SIG_DFL) == SIG_IGN);
    say("after");
    return 0;
}
