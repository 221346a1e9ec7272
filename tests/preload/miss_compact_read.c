// SPDX-License-Identifier: MIT
// options: guard=1000000
// Not seen in the compact heap: an inline read past the end, and one of a freed block.
#include <stdlib.h>

int main(void)
{
    volatile char *first = malloc(16); /* the first block of a site is guarded */
    volatile char *p = malloc(16);
    volatile char *q = malloc(16);
    char c = q[16];
    free((void *)q);
    c |= q[0];
    free((void *)p);
    free((void *)first);
    return c == 1;
}
