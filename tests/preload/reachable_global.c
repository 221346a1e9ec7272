// SPDX-License-Identifier: MIT
// Nothing is reported: initialized data, zeroed data, and blocks reached through a block.
#include "wipe.h"

static void *volatile zeroed;
static void *volatile initialized[2] = {(void *)1, (void *)2};

int main(void)
{
    zeroed = malloc(16);
    *(void **)zeroed = malloc(24);
    initialized[1] = malloc(32);
    wipe_stack();
    say("after");
    return 0;
}
