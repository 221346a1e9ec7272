// SPDX-License-Identifier: MIT
// options: leak_kinds=reachable
// Reported: reachable, 64 bytes in 1 block from malloc in main.
#include "wipe.h"

static void *volatile global;

int main(void)
{
    global = malloc(64);
    say("after");
    return 0;
}
