// SPDX-License-Identifier: MIT
// Not seen: a read within the bytes that round the block's end up to its alignment.
#include <stdlib.h>

int main(void)
{
    volatile char *p = malloc(10);
    char c = p[10];
    free((void *)p);
    return c == 1;
}
