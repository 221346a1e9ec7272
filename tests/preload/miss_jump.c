// SPDX-License-Identifier: MIT
// Not seen: an access that jumps over the guard page into another live block.
#include <stdlib.h>

int main(void)
{
    volatile char *p = malloc(16);
    volatile char *q = malloc(16);
    long distance = q - p;
    p[distance] = 1;
    free((void *)p);
    free((void *)q);
    return 0;
}
