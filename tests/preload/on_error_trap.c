// SPDX-License-Identifier: MIT
// options: on_error=trap:leak_check=0:log=/dev/null
// compact: no, inline accesses are not seen there
// SIGTRAP comes at the instruction that faulted, with the program's registers, and in the call that is wrong; blocked or not; and the program
// goes on after both.
#define _GNU_SOURCE
#include "wipe.h"
#include <signal.h>
#include <stdint.h>
#include <ucontext.h>

static volatile int traps, in_function;

__attribute__((noinline)) static void overflow(volatile char *block)
{
    block[16] = 1;
}

static void on_trap(int number, siginfo_t *info, void *context)
{
    uintptr_t at = (uintptr_t)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
    traps++;
    in_function += at - (uintptr_t)overflow < 64;
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO};
    sigaction(SIGTRAP, &action, NULL);
    overflow(malloc(16));
    REQUIRE(traps == 1 && in_function == 1);

    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    char *freed = malloc(8);
    free(freed);
    free(freed);
    REQUIRE(traps == 2 && in_function == 1);
    overflow(malloc(16));
    REQUIRE(traps == 3 && in_function == 2);
    say("went on");
    return 0;
}
