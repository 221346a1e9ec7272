// SPDX-License-Identifier: MIT
// Reported: definite leak of 100 bytes in 1 block; the status stays the program's own.
#include "wipe.h"

static void *volatile last;

int main(void)
{
    last = malloc(100);
    last = NULL;
    wipe_stack();
    say("after");
    return 7;
}
