/* SPDX-License-Identifier: MIT */
#include "load/merge.h"

#include "load/load.h"
#include "load/records.h"
#include "util/wholefile.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t merge_padded(uint64_t size)
{
    return size + (-size & 7);
}

/* Copies the records of one process. */
static void merge_put(struct merge *merge, const struct record *records, size_t count, bool cut)
{
    uint64_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += sizeof(struct mmt_record) + merge_padded(records[i].payload.size);
    uint8_t *data = xalloc_zeroed(1, size), *next = data;
    for (size_t i = 0; i < count; i++) {
        uint64_t length = records[i].payload.size;
        struct mmt_record head = {.type = records[i].type, .length = length};
        memcpy(next, &head, sizeof head);
        memcpy(next + sizeof head, records[i].payload.data, length);
        next += sizeof head + merge_padded(length);
    }
    if (cut) {
        uint32_t flags = records_process_flags(&records[0]) | MMT_PROCESS_CUT;
        memcpy(data + sizeof(struct mmt_record) + offsetof(struct mmt_process, flags), &flags,
               sizeof flags);
        merge->incomplete = true;
    }
    *VEC_PUSH(&merge->processes) = (struct merge_process){data, size};
    merge->records += count;
}

/* For a file that ended before its first record, or could not be read: a process of which nothing
 * is known. */
static void merge_put_nothing(struct merge *merge)
{
    struct mmt_process process = {.status = -1};
    struct record record = {.type = MMT_PROCESS,
                            .payload = {.data = (const uint8_t *)&process, .size = sizeof process}};
    merge_put(merge, &record, 1, true);
}

static void merge_processes(struct merge *merge, const struct records *records)
{
    const struct record *items = records->items.items;
    size_t count = records->items.count;
    if (count == 0) {
        if (!records->complete)
            merge_put_nothing(merge);
        return;
    }
    for (size_t first = 0, end; first < count; first = end) {
        end = first + 1;
        while (end < count && items[end].type != MMT_PROCESS)
            end++;
        merge->incomplete |= (records_process_flags(&items[first]) & MMT_PROCESS_CUT) != 0;
        merge_put(merge, items + first, end - first, !records->complete && end == count);
    }
}

static bool merge_visit(void *context, const char *path, const uint8_t *data, uint64_t size,
                        struct failure *failure)
{
    struct profile profile;
    struct cursor cursor = {.file = path, .data = data, .size = size, .failure = failure};
    struct records records = {0};
    profile_init(&profile);
    bool good = load_bytes(&profile, path, data, size, true, failure);
    profile_free(&profile);
    good = good && records_read(&cursor, &records);
    if (good)
        merge_processes(context, &records);
    records_free(&records);
    return good;
}

bool merge_add(struct merge *merge, char *const *paths, size_t count, struct failure *failure)
{
    size_t lost;
    bool good = load_visit(paths, count, merge_visit, merge, &lost, failure);
    for (size_t i = 0; good && i < lost; i++)
        merge_put_nothing(merge);
    return good;
}

static int merge_order(const void *left, const void *right)
{
    const struct merge_process *a = left, *b = right;
    int order = memcmp(a->data, b->data, a->size < b->size ? a->size : b->size);
    return order != 0 ? order : a->size < b->size ? -1 : a->size > b->size;
}

static void merge_stream(struct merge *merge, FILE *out)
{
    struct mmt_header header = {.version = MMT_VERSION_MERGED,
                                .header_size = sizeof header,
                                .byte_order = MMT_BYTE_ORDER,
                                .machine = 62};
    struct mmt_record head = {.type = MMT_END, .length = sizeof(struct mmt_end)};
    struct mmt_end end = {.records = merge->records};
    uint64_t size = sizeof header + sizeof head + sizeof end;
    memcpy(header.magic, MMT_MAGIC, sizeof header.magic);
    fwrite(&header, sizeof header, 1, out);
    for (size_t i = 0; i < merge->processes.count; i++) {
        const struct merge_process *process = &merge->processes.items[i];
        fwrite(process->data, process->size, 1, out);
        size += process->size;
    }
    end.file_size = size;
    fwrite(&head, sizeof head, 1, out);
    fwrite(&end, sizeof end, 1, out);
}

bool merge_write(struct merge *merge, const char *path, struct failure *failure)
{
    struct wholefile file;
    if (merge->processes.count != 0) {
        qsort(merge->processes.items, merge->processes.count, sizeof *merge->processes.items,
              merge_order);
    }
    if (!wholefile_open(&file, path, failure))
        return false;
    merge_stream(merge, file.out);
    return wholefile_close(&file, failure);
}

void merge_free(struct merge *merge)
{
    for (size_t i = 0; i < merge->processes.count; i++)
        free(merge->processes.items[i].data);
    VEC_FREE(&merge->processes);
}
