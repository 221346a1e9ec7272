// SPDX-License-Identifier: MIT
// Nothing is reported: 40,000 live blocks, more than the system allows mappings by default.
#include "wipe.h"

enum { BLOCKS = 40000 };
static char *blocks[BLOCKS];

int main(void)
{
    for (int i = 0; i < BLOCKS; i++) {
        blocks[i] = malloc(40);
        REQUIRE(blocks[i]);
        blocks[i][39] = (char)i;
    }
    for (int i = 0; i < BLOCKS; i++) {
        REQUIRE(blocks[i][39] == (char)i);
        free(blocks[i]);
    }
    say("after");
    return 0;
}
