/* SPDX-License-Identifier: MIT */
#include "guard/stream_buffers.h"

#include "base/lock.h"
#include "base/notice.h"
#include "base/probe.h"
#include "guard/damage.h"
#include "heap/heap.h"
#include "mmtrace.h"

#define MOST 256

struct entry {
    FILE *stream; /* NULL: a free entry */
    uintptr_t buffer;
    uintptr_t block; /* start of the block that it lies in */
    bool kept; /* the block was freed, and stays accessible */
    bool told;
};

_Atomic uint32_t stream_buffers_count;

static struct {
    struct entry entries[MOST];
    unsigned used; /* entries that ever were in use */
} table; /* LOCK_STREAMS */

/* The stream may be gone, if it was closed in a way that is not seen here. */
static bool has_buffer(const struct entry *entry, FILE *stream)
{
    return probe_copy(stream, entry->stream, sizeof(*stream)) &&
           (uintptr_t)stream->_IO_buf_base == entry->buffer;
}

static struct stream_output output_of(const FILE *stream)
{
    const char *start = stream->_IO_write_base, *end = stream->_IO_write_ptr;
    struct stream_output none = {0};
    if (start < stream->_IO_buf_base || end > stream->_IO_buf_end || start >= end)
        return none;
    return (struct stream_output){(uintptr_t)start, (size_t)(end - start)};
}

/* Returns the block if it is to be given up now: it was kept, and for no other stream. */
static uintptr_t drop_stream(struct entry *entry)
{
    uintptr_t block = entry->kept ? entry->block : 0;
    *entry = (struct entry){0};
    atomic_fetch_sub_explicit(&stream_buffers_count, 1, memory_order_relaxed);
    for (unsigned i = 0; i < table.used; i++)
        if (table.entries[i].stream && table.entries[i].kept && table.entries[i].block == block)
            return 0;
    return block;
}

static struct entry *find(const FILE *stream)
{
    for (unsigned i = 0; i < table.used; i++)
        if (table.entries[i].stream == stream)
            return &table.entries[i];
    return NULL;
}

/* Not with the lock held: the heap may report. */
void stream_buffers_give_up(uintptr_t block)
{
    struct heap_outcome outcome;
    if (!block)
        return;
    heap_give_up(block, &outcome);
    if (outcome.late)
        damage_report_late(outcome.late, outcome.late_damaged);
}

static struct entry *free_entry(void)
{
    struct entry *entry = find(NULL);
    if (entry || table.used == MOST)
        return entry;
    return &table.entries[table.used++];
}

static uintptr_t note_locked(FILE *stream)
{
    uintptr_t buffer = (uintptr_t)stream->_IO_buf_base, given_up = 0;
    struct entry *entry = find(stream);
    if (entry && entry->buffer == buffer && entry->kept)
        return 0;
    if (entry)
        given_up = drop_stream(entry);
    struct block *block = heap_find_live(buffer);
    if (!block)
        return given_up;
    entry = free_entry();
    if (!entry) {
        notice_once(MMT_NOTE_INFO, "more streams have buffers in the heap than are remembered: "
                                   "output may be lost if one is freed too early");
        return given_up;
    }
    *entry = (struct entry){.stream = stream, .buffer = buffer, .block = block->start};
    block->flags |= BLOCK_BUFFER;
    atomic_fetch_add_explicit(&stream_buffers_count, 1, memory_order_relaxed);
    return given_up;
}

void stream_buffers_note(FILE *stream)
{
    uint64_t mask = lock_enter(LOCK_STREAMS);
    uintptr_t block = note_locked(stream);
    lock_leave(LOCK_STREAMS, mask);
    stream_buffers_give_up(block);
}

uintptr_t stream_buffers_take(FILE *stream)
{
    uint64_t mask = lock_enter(LOCK_STREAMS);
    struct entry *entry = stream ? find(stream) : NULL;
    uintptr_t block = entry ? drop_stream(entry) : 0;
    lock_leave(LOCK_STREAMS, mask);
    return block;
}

void stream_buffers_forget(FILE *stream)
{
    stream_buffers_give_up(stream_buffers_take(stream));
}

void stream_buffers_purged(FILE *stream)
{
    uint64_t mask = lock_enter(LOCK_STREAMS);
    struct entry *entry = find(stream);
    if (entry)
        entry->told = true;
    lock_leave(LOCK_STREAMS, mask);
}

bool stream_buffers_keep(uintptr_t start)
{
    bool keep = false;
    FILE stream;
    uint64_t mask = lock_enter(LOCK_STREAMS);
    for (unsigned i = 0; i < table.used; i++) {
        struct entry *entry = &table.entries[i];
        if (!entry->stream || entry->block != start || entry->kept)
            continue;
        entry->kept = has_buffer(entry, &stream) && output_of(&stream).size;
        keep |= entry->kept;
        if (!entry->kept)
            drop_stream(entry);
    }
    lock_leave(LOCK_STREAMS, mask);
    return keep;
}

/* What was in the block when it was freed is read from there in any case, and has been if it is
 * there no more. */
static bool output_in(struct entry *entry, struct stream_output *output)
{
    FILE stream;
    if (!entry->kept || !has_buffer(entry, &stream))
        return false;
    *output = output_of(&stream);
    if (!output->size && entry->told)
        return false;
    if (!output->size)
        *output = (struct stream_output){entry->buffer, 1};
    entry->told = true;
    return true;
}

bool stream_buffers_next(unsigned *at, const FILE *stream, struct stream_output *output)
{
    bool found = false;
    uint64_t mask = lock_enter(LOCK_STREAMS);
    while (!found && *at < table.used) {
        struct entry *entry = &table.entries[(*at)++];
        found = entry->stream && (!stream || entry->stream == stream) && output_in(entry, output);
    }
    lock_leave(LOCK_STREAMS, mask);
    return found;
}
