// SPDX-License-Identifier: MIT
// Nothing is reported: what a child made by vfork() asks for its signals is not its parent's, whose handler is called for a fault of the parent's own.
#define _GNU_SOURCE
#include "wipe.h"
#include <setjmp.h>
#include <signal.h>
#include <sys/wait.h>

static sigjmp_buf back;
static volatile int called;

static void handler(int number)
{
    called++;
    siglongjmp(back, 1);
}

int main(void)
{
    int status;
    signal(SIGSEGV, handler);
    pid_t child = vfork();
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL);
        execl("/bin/true", "true", (char *)NULL);
        _exit(1);
    }
    REQUIRE(waitpid(child, &status, 0) == child && status == 0);
    if (!sigsetjmp(back, 1))
        *(volatile int *volatile)NULL = 1;
    REQUIRE(called == 1);
    struct sigaction action;
    REQUIRE(sigaction(SIGSEGV, NULL, &action) == 0 && action.sa_handler == handler);
    say("after");
    return 0;
}
