// SPDX-License-Identifier: MIT
// options: exitcode=42
// Reported: definite leak of 100 bytes in 1 block.
#include "wipe.h"

static void *volatile last;

int main(void)
{
    last = malloc(100);
    last = NULL;
    wipe_stack();
    say("after");
    return 0;
}
