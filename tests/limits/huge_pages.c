/* SPDX-License-Identifier: MIT
 *
 * huge_pages MB: a block of so many megabytes, every page written. Prints how much of its memory is in huge pages.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Kilobytes in huge pages of the mappings that `block` lies in. */
static long huge_kilobytes(uintptr_t block, size_t size)
{
    char line[512];
    long value = 0;
    unsigned long start, end;
    int inside = 0;
    FILE *file = fopen("/proc/self/smaps", "r");
    while (file && fgets(line, sizeof(line), file)) {
        if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
            inside = start < block + size && end > block;
        else if (inside && !strncmp(line, "AnonHugePages:", 14))
            value += atol(line + 14);
    }
    if (file)
        fclose(file);
    return value;
}

int main(int count, char **arguments)
{
    size_t size = (size_t)(count > 1 ? atol(arguments[1]) : 64) << 20;
    volatile char *block = malloc(size);
    if (!block)
        return 1;
    for (size_t i = 0; i < size; i += 4096)
        block[i] = 1;
    printf("a block of %zu kB: %ld kB in huge pages\n", size >> 10, huge_kilobytes((uintptr_t)block, size));
    free((void *)block);
    return 0;
}
