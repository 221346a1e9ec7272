// SPDX-License-Identifier: MIT
//
// One byte too many, for blocks of every size 1..4200 and every alignment 1..4096: written, read, and read and written by library
// calls. How many of these accesses are found is for sweep.py to judge.
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#define EACH                                                                                       \
    for (size_t alignment = 1; alignment <= 4096; alignment *= 2)                                  \
        for (size_t size = 1; size <= 4200; size++)

static void writes(void)
{
    EACH
    {
        volatile char *block = memalign(alignment, size);
        block[size] = 1;
        free((void *)block);
    }
}

static void reads(void)
{
    EACH
    {
        volatile char *block = memalign(alignment, size);
        block[size];
        free((void *)block);
    }
}

static void calls(void)
{
    static char other[8192];
    EACH
    {
        char *source = memalign(alignment, size), *target = memalign(alignment, size);
        memcpy(other, source, size + 1);
        memset(target, 1, size + 1);
        free(target);
        free(source);
    }
}

int main(void)
{
    writes();
    reads();
    calls();
    return 0;
}
