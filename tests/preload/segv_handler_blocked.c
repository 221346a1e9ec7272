// SPDX-License-Identifier: MIT
// compact: no, a fault is what this is about
// Reported: heap-buffer-overflow-write of 1 byte in main of a 16-byte block, though the program has blocked every signal it may.
#include "wipe.h"
#include <signal.h>

int main(void)
{
    sigset_t all, now;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    volatile char *block = malloc(16);
    block[16] = 1;
    free((void *)block);
    say("after");
    return 0;
}
