// SPDX-License-Identifier: MIT
// Reported: a definite leak of 64 bytes in main, at quick_exit(), whose handlers have run before.
#include "wipe.h"

static void handler(void)
{
    say("handler");
}

int main(void)
{
    at_quick_exit(handler);
    void *volatile lost = malloc(64);
    lost = NULL;
    wipe_stack();
    quick_exit(0);
}
