// SPDX-License-Identifier: MIT
//
// compare JOURNAL LIVE-FILE: whether the live file of a killed process agrees with its journal. Every block that the journal has, and that was not
// being freed, is there with its size and a stack that leads to the start of the program; no other block of the test's is there, but one
// that a thread was about to enter into the journal or had in the middle of being freed.
#include "journal.h"
#include "mmtrace.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *map_file(const char *path, size_t *size)
{
    struct stat status;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &status))
        return NULL;
    *size = (size_t)status.st_size;
    void *data = mmap(NULL, *size, PROT_READ, MAP_PRIVATE, file, 0);
    close(file);
    return data == MAP_FAILED ? NULL : data;
}

static struct {
    const struct mmt_frame *nodes;
    const struct mmt_live *blocks;
    uint64_t node_count, block_count;
    uint32_t modules, threads, ended;
} live;

static int read_live(const char *data, size_t size)
{
    size_t at = sizeof(struct mmt_header);
    while (at + sizeof(struct mmt_record) <= size) {
        const struct mmt_record *record = (const void *)(data + at);
        const char *payload = data + at + sizeof(*record);
        at += sizeof(*record) + (record->length + 7) / 8 * 8;
        if (!record->type || at > size)
            return 0;
        live.modules += record->type == MMT_MODULE;
        live.threads += record->type == MMT_THREAD;
        if (record->type == MMT_STACKS) {
            live.node_count = ((const struct mmt_stacks *)payload)->count;
            live.nodes = (const void *)(payload + sizeof(struct mmt_stacks));
        }
        if (record->type == MMT_LIVE) {
            live.block_count = ((const struct mmt_live_blocks *)payload)->count;
            live.blocks = (const void *)(payload + sizeof(struct mmt_live_blocks));
        }
        if (record->type == MMT_END)
            return at == size;
    }
    return 0;
}

static int whole_stack(const struct mmt_live *block)
{
    int depth = 0;
    for (uint32_t id = block->stack; id; id = live.nodes[id - 1].parent) {
        const struct mmt_frame *node = &live.nodes[id - 1];
        if (id > live.node_count || !node->pc || node->parent >= id || (node->module & MMT_FRAME_MODULE_MASK) > live.modules)
            return 0;
        depth++;
    }
    return depth >= 3;
}

static const struct mmt_live *find(const struct mmt_live *list, size_t count, uint64_t address)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].address == address)
            return &list[i];
    return NULL;
}

int main(int argc, char **argv)
{
    size_t journal_size, live_size, count = 0;
    const struct journal *journal = (const void *)map_file(argv[1], &journal_size);
    const char *data = map_file(argv[2], &live_size);
    if (argc != 3 || !data || !read_live(data, live_size) || !live.blocks || !live.nodes) {
        printf("the live file cannot be read\n");
        return 1;
    }
    struct mmt_live *ours = malloc((JOURNAL_THREADS * JOURNAL_PLACES + 1000) * sizeof(*ours));
    for (uint64_t i = 0; i < live.block_count; i++) {
        if (live.blocks[i].address < 8 || journal_thread_of(live.blocks[i].size) < 0)
            continue;
        if (count == JOURNAL_THREADS * JOURNAL_PLACES + 1000)
            return printf("too many blocks\n"), 1;
        ours[count++] = live.blocks[i];
    }
    int wrong = 0;
    size_t held = 0, freeing[JOURNAL_THREADS] = {0}, extra[JOURNAL_THREADS] = {0};
    for (size_t i = 0; i < count; i++) {
        extra[journal_thread_of(ours[i].size)]++;
        if (!whole_stack(&ours[i]) || !ours[i].thread || ours[i].thread > live.threads)
            wrong += printf("block %#lx of %lu bytes: stack %u, thread %u\n", ours[i].address, ours[i].size, ours[i].stack, ours[i].thread) > 0;
    }
    for (int thread = 0; journal && journal_size >= sizeof(*journal) && thread < JOURNAL_THREADS; thread++) {
        for (int i = 0; i < JOURNAL_PLACES; i++) {
            const struct journal_place *place = &journal->places[thread][i];
            const struct mmt_live *block = find(ours, count, place->address & ~(uint64_t)1);
            if (place->address & 1)
                freeing[thread]++;
            else if (place->address && (!block || block->size != place->size))
                wrong += printf("block %#lx of %lu bytes is missing\n", place->address, place->size) > 0;
            held += place->address && !(place->address & 1);
            extra[thread] -= place->address && block;
        }
        if (extra[thread] > 1)
            wrong += printf("%zu blocks of thread %d are not in its journal\n", extra[thread], thread) > 0;
        if (freeing[thread] > 1)
            wrong += printf("the journal of thread %d is broken\n", thread) > 0;
    }
    if (!wrong)
        printf("%zu blocks agree\n", held);
    return wrong != 0;
}
