// SPDX-License-Identifier: MIT
// Reported: definite leak of 100 bytes in 1 block from malloc in lose, called by main.
#include "wipe.h"

static void *volatile last;

static void lose(void)
{
    last = malloc(100);
    last = NULL;
}

int main(void)
{
    lose();
    wipe_stack();
    say("after");
    return 0;
}
