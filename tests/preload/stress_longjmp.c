// SPDX-License-Identifier: MIT
// Frames are left by longjmp() at many depths, and others come to lie where they were.
#include "wipe.h"
#include <setjmp.h>

static jmp_buf place;
static void *volatile last;

static void descend_other(int depth);

static void descend(int depth)
{
    volatile char room[48];
    room[0] = 0;
    free(malloc(32));
    if (!depth)
        longjmp(place, 1);
    descend_other(depth - 1);
}

static void descend_other(int depth)
{
    volatile char room[112];
    room[0] = 0;
    free(malloc(32));
    if (!depth)
        longjmp(place, 2);
    if (depth % 3)
        descend_other(depth - 1);
    else
        descend(depth - 1);
}

static void leak_after(int depth)
{
    if (depth)
        leak_after(depth - 1);
    else
        malloc(555);
}

int main(void)
{
    for (volatile int i = 0; i < 2000; i++)
        if (!setjmp(place))
            (i % 2 ? descend : descend_other)(i % 40);
    leak_after(3);
    wipe_stack();
    say("after");
    return 0;
}
