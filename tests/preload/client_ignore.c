// SPDX-License-Identifier: MIT
// Reported: the block of 30 bytes in 1 definite leak; what was allocated in a scope that ignores leaks, and a block that was named,
// are not, nor is what they hold.
#include "mmguard.h"
#include "wipe.h"

static void *volatile last;

static void lose(void)
{
    mmguard_ignore_begin();
    mmguard_ignore_begin();
    last = malloc(10);
    mmguard_ignore_end();
    void **holder = malloc(16);
    mmguard_ignore_end();
    mmguard_ignore_end();
    *holder = malloc(20);
    last = malloc(30);
    void **named = malloc(40);
    *named = malloc(50);
    mmguard_ignore((char *)named + 8);
    last = NULL;
}

int main(void)
{
    lose();
    wipe_stack();
    say("after");
    return 0;
}
