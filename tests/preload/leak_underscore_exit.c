// SPDX-License-Identifier: MIT
// Reported: definite leak of 100 bytes in 1 block, though the program ends by _exit(0).
#include "wipe.h"

static void *volatile last;

int main(void)
{
    last = malloc(100);
    last = NULL;
    wipe_stack();
    say("after");
    _exit(0);
}
