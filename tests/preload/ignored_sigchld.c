// SPDX-License-Identifier: MIT
// compact: no, a report at the fault is what this is about
// Reported, once and with source lines: heap-buffer-overflow-write of 1 byte in main. Children need not be waited for here.
#include "wipe.h"
#include <signal.h>

int main(void)
{
    signal(SIGCHLD, SIG_IGN);
    volatile char *block = malloc(16);
    block[16] = 1;
    free((void *)block);
    say("after");
    return 0;
}
