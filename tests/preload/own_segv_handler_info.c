// SPDX-License-Identifier: MIT
// Nothing is reported: the program's handler gets the address, the code and a context it may change, as without libguard.
#define _GNU_SOURCE
#include "wipe.h"
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

static char *page;

static void handler(int number, siginfo_t *info, void *context)
{
    REQUIRE(number == SIGSEGV && info->si_addr == page + 8 && info->si_code == SEGV_ACCERR);
    REQUIRE(((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] != 0);
    REQUIRE(mprotect(page, 4096, PROT_READ | PROT_WRITE) == 0);
}

int main(void)
{
    page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO}, old;
    sigaction(SIGSEGV, &action, NULL);
    ((volatile char *)page)[8] = 1;
    REQUIRE(sigaction(SIGSEGV, NULL, &old) == 0 && old.sa_sigaction == handler);
    say("recovered");
    return 0;
}
