// SPDX-License-Identifier: MIT
// options: budget=4M
// compact: no, that blocks are guarded again is the subject
// Blocks that fill the budget are freed: after that, blocks of the same call site are guarded again, and the overflow is seen at once.
#include "wipe.h"

static char *blocks[4000];

static void fill(int count)
{
    for (int i = 0; i < count; i++)
        REQUIRE((blocks[i] = malloc(64)));
}

int main(void)
{
    fill(4000);
    for (int i = 0; i < 4000; i++)
        free(blocks[i]);
    fill(100);
    blocks[99][64] = 1;
    for (int i = 0; i < 100; i++)
        free(blocks[i]);
    say("after");
    return 0;
}
