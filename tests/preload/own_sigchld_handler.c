// SPDX-License-Identifier: MIT
// compact: no, a report at the fault is what this is about
// Reported: heap-buffer-overflow-write of 1 byte in main. The program's handler of SIGCHLD hears nothing of what libguard runs.
#include "wipe.h"
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

static volatile int heard;

static void handler(int number)
{
    heard++;
}

int main(void)
{
    signal(SIGCHLD, handler);
    volatile char *block = malloc(16);
    block[16] = 1;
    REQUIRE(heard == 0);
    REQUIRE(wait(NULL) == -1 && errno == ECHILD);
    raise(SIGCHLD);
    REQUIRE(heard == 1);
    free((void *)block);
    say("after");
    return 0;
}
