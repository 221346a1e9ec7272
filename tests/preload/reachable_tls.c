// SPDX-License-Identifier: MIT
// Nothing is reported: a thread-local variable of the main thread holds the block.
#include "wipe.h"

static __thread void *volatile local;

int main(void)
{
    local = malloc(64);
    wipe_stack();
    say("after");
    return 0;
}
