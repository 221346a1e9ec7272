// SPDX-License-Identifier: MIT
// Reported: two errors, heap-buffer-overflow-write in first (0 bytes past 32) and in second (0 bytes past 48): the program goes
// on after the first, and stays guarded.
#include "wipe.h"

static void first(volatile char *block)
{
    block[32] = 1;
    say("first");
}

static void second(volatile char *block)
{
    block[48] = 1;
    say("second");
}

int main(void)
{
    char *a = malloc(32), *b = malloc(48);
    first(a);
    second(b);
    free(a);
    free(b);
    return 0;
}
