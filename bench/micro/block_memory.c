/* SPDX-License-Identifier: MIT
 *
 * What a live block costs: memory, page tables and mappings of a process with COUNT blocks of SIZE
 * bytes.
 *
 *     block_memory COUNT SIZE
 *
 * Prints {"rss": BYTES, "tables": BYTES, "mappings": N}: growth of resident memory and page tables
 * for one block, and the number of mappings of the process.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static long status_kib(const char *field)
{
    char line[256];
    long value = -1;
    FILE *file = fopen("/proc/self/status", "r");
    if (file == NULL)
        return -1;
    while (fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, field, strlen(field)) == 0)
            sscanf(line + strlen(field), ": %ld", &value);
    fclose(file);
    return value;
}

static long count_mappings(void)
{
    long lines = 0;
    int byte;
    FILE *file = fopen("/proc/self/maps", "r");
    if (file == NULL)
        return -1;
    while ((byte = getc(file)) != EOF)
        lines += byte == '\n';
    fclose(file);
    return lines;
}

int main(int argc, char **argv)
{
    size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    size_t size = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    if (count == 0 || size < sizeof(void *))
        return 2;
    void **blocks = calloc(count, sizeof *blocks);
    memset(blocks, 0x5a, count * sizeof *blocks); /* its own pages do not count */
    long rss = status_kib("VmRSS"), tables = status_kib("VmPTE");
    for (size_t i = 0; i < count; i++) {
        blocks[i] = malloc(size);
        if (blocks[i] == NULL) {
            fputs("malloc failed\n", stderr);
            return 3;
        }
        memset(blocks[i], (int)i, size);
    }
    rss = status_kib("VmRSS") - rss;
    tables = status_kib("VmPTE") - tables;
    long mappings = count_mappings();
    for (size_t i = 0; i < count; i++) {
        if (*(unsigned char *)blocks[i] != (unsigned char)i)
            return 3;
        free(blocks[i]);
    }
    printf("{\"rss\": %.1f, \"tables\": %.2f, \"mappings\": %ld}\n",
           (double)rss * 1024 / (double)count, (double)tables * 1024 / (double)count, mappings);
    return 0;
}
