// SPDX-License-Identifier: MIT
// Reported: two definite leaks, 10 blocks of 30 bytes (300) from calloc in main at one line, and 1 of 200 bytes at another.
#include "wipe.h"

static void *volatile last;

int main(void)
{
    for (int i = 0; i < 10; i++)
        last = calloc(3, 10);
    last = malloc(200);
    last = NULL;
    wipe_stack();
    say("after");
    return 0;
}
