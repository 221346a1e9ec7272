// SPDX-License-Identifier: MIT
// Nothing is reported: null dereferences belong to the program, whose own handler leaves by siglongjmp.
#include "wipe.h"
#include <setjmp.h>
#include <signal.h>

static sigjmp_buf back;

static void handler(int number)
{
    siglongjmp(back, 1);
}

int main(void)
{
    struct sigaction action = {.sa_handler = handler};
    sigaction(SIGSEGV, &action, NULL);
    for (volatile int i = 0; i < 2; i++) {
        if (sigsetjmp(back, 1) == 0)
            *(volatile int *volatile)NULL = 1;
        say("recovered");
    }
    return 0;
}
