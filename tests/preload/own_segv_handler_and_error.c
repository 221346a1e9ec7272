// SPDX-License-Identifier: MIT
// compact: no, a fault is what this is about
// Reported: heap-buffer-overflow-write of 1 byte in main of a 16-byte block; the program's handler for SIGSEGV is not called.
#include "wipe.h"
#include <signal.h>

static void handler(int number)
{
    _exit(97);
}

int main(void)
{
    signal(SIGSEGV, handler);
    volatile char *block = malloc(16);
    block[16] = 1;
    free((void *)block);
    say("after");
    return 0;
}
