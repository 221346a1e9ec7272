// SPDX-License-Identifier: MIT
// Reported: heap-buffer-underflow-write in memset, heap-buffer-underflow-read in memcpy, called by main.
#include "wipe.h"

int main(void)
{
    char *block = malloc(24), *other = malloc(24), copy[24];
    memset(block - 1, 0, 8);
    memcpy(copy, other - 20, 10);
    say("after");
    free(block);
    free(other);
    return 0;
}
