// SPDX-License-Identifier: MIT
// Reported: invalid-free-interior in main: right behind a block, and 8 bytes before it.
#include "wipe.h"

int main(void)
{
    char *block = malloc(20);
    free(block + 20);
    free(block - 8);
    free(block);
    say("after");
    return 0;
}
