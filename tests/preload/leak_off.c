// SPDX-License-Identifier: MIT
// options: leak_check=0
// Nothing is reported: the leak check is turned off.
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
