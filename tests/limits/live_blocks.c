/* SPDX-License-Identifier: MIT
 *
 * live_blocks N: N live blocks of 64 bytes, then every second one is freed. Prints what a block costs and how many mappings there are. A list
 * through the blocks keeps them reachable.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "status.h"

static long mappings(void)
{
    long lines = 0;
    FILE *file = fopen("/proc/self/maps", "r");
    for (int c; file && (c = getc(file)) != EOF;)
        lines += c == '\n';
    if (file)
        fclose(file);
    return lines;
}

static void **list;

int main(int count, char **arguments)
{
    long blocks = count > 1 ? atol(arguments[1]) : 2000000;
    long before = status_kilobytes("VmRSS:") + status_kilobytes("VmPTE:");
    for (long i = 0; i < blocks; i++) {
        void **block = malloc(64);
        if (!block) {
            printf("out of memory after %ld blocks\n", i);
            return 1;
        }
        *block = list;
        list = block;
    }
    long after = status_kilobytes("VmRSS:") + status_kilobytes("VmPTE:");
    printf("%ld live blocks: %.0f bytes each, %ld mappings\n", blocks, (after - before) * 1024.0 / blocks, mappings());
    for (void **block = list; block && *block;) {
        void **next = *block;
        *block = *next;
        free(next);
        block = *block;
    }
    printf("half of them freed: RSS %ld MB\n", status_kilobytes("VmRSS:") >> 10);
    return 0;
}
