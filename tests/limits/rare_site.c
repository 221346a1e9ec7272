/* SPDX-License-Identifier: MIT
 *
 * rare_site N: N live blocks of 64 bytes from one call site, and then one from another, which is overflowed. To be run with a budget that the N
 * blocks exceed: the overflow must be found at its instruction all the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static void **list;

__attribute__((noinline)) static void common(long blocks)
{
    for (long i = 0; i < blocks; i++) {
        void **block = malloc(64);
        if (!block)
            exit(1);
        *block = list;
        list = block;
    }
}

__attribute__((noinline)) static void rare(void)
{
    volatile char *block = malloc(48);
    block[48] = 1;
    free((void *)block);
}

int main(int count, char **arguments)
{
    common(count > 1 ? atol(arguments[1]) : 30000000);
    rare();
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("peak RSS %ld MB\n", usage.ru_maxrss >> 10);
    return 0;
}
