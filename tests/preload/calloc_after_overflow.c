// SPDX-License-Identifier: MIT
// Reported: a heap-buffer-overflow-write of 1 byte in main, and a wild-access where it goes on through pages that had no block yet. Later blocks
// get these pages, and find them zero where calloc says so.
#include "wipe.h"

int main(void)
{
    volatile char *block = malloc(16);
    for (int i = 0; i < 16 + 3 * 4096; i++)
        block[i] = 'x';
    for (int i = 0; i < 50; i++) {
        unsigned char *zeros = calloc(1, 4000);
        for (int k = 0; k < 4000; k++)
            REQUIRE(zeros[k] == 0);
        free(zeros);
    }
    free((void *)block);
    say("after");
    return 0;
}
