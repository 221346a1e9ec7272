/* SPDX-License-Identifier: MIT
 *
 * Bug: a queue moves its entries to the front with memcpy.
 * mmguard: an overlapping copy by memcpy in drop_first, of a 32-byte block that main allocated.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *(*volatile copy)(void *, const void *, size_t) = memcpy; /* so that no compiler makes code of its own of it */

__attribute__((noinline)) void drop_first(int *queue, size_t count)
{
    copy(queue, queue + 1, (count - 1) * sizeof(*queue)); /* should be memmove */
}

int main(void)
{
    int *queue = malloc(8 * sizeof(*queue));
    if (!queue)
        return 1;
    for (int i = 0; i < 8; i++)
        queue[i] = i;
    drop_first(queue, 8);
    printf("%d\n", queue[0]);
    free(queue);
    return 0;
}
