// SPDX-License-Identifier: MIT
// options: leak_check=0
// compact: no, the loop does not fault there
// Reported: one heap-buffer-overflow-write in main, of a loop that writes over many other blocks, live and freed, and a heap-buffer-overflow-read of
// another loop.
#include "wipe.h"

int main(void)
{
    int *block[41];
    for (int i = 0; i < 41; i++)
        block[i] = malloc(40 + i % 3 * 16);
    for (int i = 0; i < 40; i += 3)
        free(block[i]);
    volatile int *first = block[1], *other = block[40];
    for (int i = 0; i < 30000; i++)
        first[i] = i;
    for (int i = 0; i < 30000; i++)
        other[i];
    say("after");
    return 0;
}
