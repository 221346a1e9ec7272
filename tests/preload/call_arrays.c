// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write in qsort, heap-buffer-overflow-read in bsearch, called by main.
#include "wipe.h"

static int compare(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

int main(void)
{
    int *numbers = calloc(10, sizeof(int)), *more = calloc(10, sizeof(int)), key = 5;
    qsort(numbers, 11, sizeof(int), compare);
    bsearch(&key, more, 12, sizeof(int), compare);
    say("after");
    free(numbers);
    free(more);
    return 0;
}
