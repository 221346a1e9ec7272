// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-read in strlen called by main, of a 64-byte block from malloc in main that holds no zero
// byte.
#include "wipe.h"

int main(void)
{
    char *block = malloc(64);
    memset(block, 'x', 64);
    volatile size_t length = strlen(block);
    say("after");
    free(block);
    return 0;
}
