// SPDX-License-Identifier: MIT
// Not seen: a decision by memory that was never written.
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    int *p = malloc(sizeof(int) * 4);
    if (p[2] == 12345)
        puts("yes");
    free(p);
    return 0;
}
