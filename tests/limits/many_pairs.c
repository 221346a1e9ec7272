/* SPDX-License-Identifier: MIT
 *
 * many_pairs N [read]: N pairs of malloc and free with a thousand live blocks. Prints RSS and page tables at a tenth and at the end. With
 * `read`, the first block freed is read at the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "status.h"

static char *ring[1000];

int main(int count, char **arguments)
{
    long pairs = count > 1 ? atol(arguments[1]) : 20000000;
    volatile char *volatile first = malloc(40);
    free((void *)first);
    for (long i = 0; i < pairs; i++) {
        char **place = &ring[i % 1000];
        free(*place);
        *place = malloc(16 + i % 3000);
        **place = 1;
        if (i == pairs / 10 || i == pairs - 1)
            printf("%s: RSS %ld MB, page tables %ld KB\n", i == pairs - 1 ? "end" : "a tenth", status_kilobytes("VmRSS:") >> 10,
                   status_kilobytes("VmPTE:"));
    }
    if (count > 2)
        printf("read %d\n", first[8]);
    for (int i = 0; i < 1000; i++)
        free(ring[i]);
    return 0;
}
