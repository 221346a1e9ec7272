// SPDX-License-Identifier: MIT
// Nothing is reported.
#include "wipe.h"

static void *volatile last;

int main(void)
{
    last = malloc(100);
    free(last);
    wipe_stack();
    say("after");
    return 0;
}
