// SPDX-License-Identifier: MIT
// Reported at exit: slack-damage 0 bytes past the end of a 20-byte block from malloc in main that is still reachable.
#include "wipe.h"

static volatile char *block;

int main(void)
{
    block = malloc(20);
    block[20] = 1;
    say("after");
    return 0;
}
