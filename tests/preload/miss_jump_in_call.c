// SPDX-License-Identifier: MIT
// Not seen: a library call whose range lies in another live block than the one it was meant for.
#include <stdlib.h>
#include <string.h>

int main(void)
{
    volatile char *p = malloc(16);
    char *q = malloc(16);
    long distance = q - p;
    memset((char *)p + distance, 1, 16);
    free((void *)p);
    free(q);
    return 0;
}
