// SPDX-License-Identifier: MIT
// compact: no, a fault is what this is about
// Reported: heap-buffer-overflow-read of 1 byte in handler, called by a signal while main runs raise(), of a 16-byte block from
// malloc in main.
#include "wipe.h"
#include <signal.h>

static char *volatile block;

static void handler(int number)
{
    volatile char value = block[16];
}

int main(void)
{
    block = malloc(16);
    signal(SIGUSR1, handler);
    raise(SIGUSR1);
    say("after");
    free(block);
    return 0;
}
