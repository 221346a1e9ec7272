/* SPDX-License-Identifier: MIT */
#include "sym/perfmap.h"

#include "util/xalloc.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct perfmap_entry {
    uint64_t start, size;
    const char *name;
};

struct perfmap {
    VEC(struct perfmap_entry) entries;
};

/* Anybody can write to /tmp: a link, somebody else's file, or one left by an earlier process with
 * this number does not count. */
static FILE *perfmap_open(const struct process *process)
{
    struct stat status;
    char *path = xalloc_format("/tmp/perf-%" PRIu32 ".map", process->pid);
    int descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    FILE *file = NULL;
    free(path);
    if (descriptor < 0)
        return NULL;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
        (status.st_uid == geteuid() || status.st_uid == 0) &&
        (uint64_t)status.st_mtim.tv_sec >= process->start_time / 1000000000u)
        file = fdopen(descriptor, "r");
    if (file == NULL)
        close(descriptor);
    return file;
}

static int perfmap_order(const void *left, const void *right)
{
    const struct perfmap_entry *a = left, *b = right;
    return a->start < b->start ? -1 : a->start > b->start;
}

static void perfmap_read(struct perfmap *map, FILE *file, struct strpool *strings)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    while ((length = getline(&line, &room, file)) > 0) {
        char *next = line, *after;
        uint64_t start = strtoull(next, &after, 16);
        uint64_t size = strtoull(after, &next, 16);
        if (line[length - 1] == '\n')
            line[length - 1] = '\0';
        if (after != line && next != after && *next == ' ' && next[1] != '\0') {
            *VEC_PUSH(&map->entries) = (struct perfmap_entry){
                start, size, strpool_put(strings, next + 1, strlen(next + 1))};
        }
    }
    free(line);
    if (map->entries.count != 0)
        qsort(map->entries.items, map->entries.count, sizeof *map->entries.items, perfmap_order);
}

static const char *perfmap_find(const struct perfmap *map, uint64_t address)
{
    size_t low = 0, high = map->entries.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (map->entries.items[middle].start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    bool found =
        low != 0 && address - map->entries.items[low - 1].start < map->entries.items[low - 1].size;
    return found ? map->entries.items[low - 1].name : NULL;
}

void perfmap_names(struct profile *profile, const unsigned char *wanted)
{
    struct perfmap map = {0};
    FILE *file = profile->processes.count == 1 ? perfmap_open(&profile->processes.items[0]) : NULL;
    if (file == NULL)
        return;
    perfmap_read(&map, file, &profile->strings);
    fclose(file);
    for (size_t i = 1; i < profile->frames.count; i++) {
        struct frame *frame = &profile->frames.items[i];
        if (!wanted[i] || frame->module != 0 || frame->symbols != 0)
            continue;
        const char *name = perfmap_find(&map, frame->address - !frame->exact);
        if (name != NULL) {
            frame->first_symbol = (uint32_t)profile->symbols.count;
            frame->symbols = 1;
            *VEC_PUSH(&profile->symbols) = (struct symbol){.function = name};
        }
    }
    VEC_FREE(&map.entries);
}
