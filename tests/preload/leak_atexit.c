// SPDX-License-Identifier: MIT
// Nothing is reported: the block is freed by a function that runs at exit.
#include "wipe.h"

static void *volatile held;

static void release(void)
{
    free(held);
}

int main(void)
{
    atexit(release);
    held = malloc(100);
    say("after");
    return 0;
}
