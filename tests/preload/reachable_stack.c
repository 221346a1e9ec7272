// SPDX-License-Identifier: MIT
// Nothing is reported: exit() is called while a local variable of main holds the block.
#include "wipe.h"

int main(void)
{
    void *volatile local = malloc(64);
    wipe_stack();
    say("after");
    exit(local ? 0 : 1);
}
