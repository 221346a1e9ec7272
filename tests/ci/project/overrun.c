/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    volatile int *table = malloc(4 * sizeof(int));
    for (int i = 0; i <= 4; i++) {
        table[i] = i;
    }
    printf("%d\n", table[3]);
    free((void *)table);
    return 0;
}
