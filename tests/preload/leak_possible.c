// SPDX-License-Identifier: MIT
// options: leak_kinds=possible
// Reported: possible leak of 160 bytes in 1 block from malloc in main: a pointer to its middle is all there is.
#include "wipe.h"

static char *volatile middle;

int main(void)
{
    middle = malloc(160);
    middle = middle + 40;
    wipe_stack();
    say("after");
    return 0;
}
