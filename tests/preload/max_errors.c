// SPDX-License-Identifier: MIT
// options: max_errors=2:align=16
// Reported: two of three errors, heap-buffer-overflow-write in one and two; the one in three is only counted.
#include "wipe.h"

static void one(volatile char *block)
{
    block[16] = 1;
}

static void two(volatile char *block)
{
    block[16] = 1;
}

static void three(volatile char *block)
{
    block[16] = 1;
}

int main(void)
{
    char *a = malloc(16), *b = malloc(16), *c = malloc(16);
    one(a);
    two(b);
    three(c);
    free(a);
    free(b);
    free(c);
    say("after");
    return 0;
}
