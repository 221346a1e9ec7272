/* SPDX-License-Identifier: MIT */
#include "heap/heap.h"

#include <errno.h>
#include <sys/mman.h>

#include "base/bits.h"
#include "base/notice.h"
#include "base/own_memory.h"
#include "base/thread.h"
#include "heap/arena.h"
#include "heap/slack.h"
#include "mmtrace.h"
#include "page/backend.h"

/* Requests beyond this never succeed: half of the address space of a process. */
#define SIZE_LIMIT ((size_t)1 << 46)

static const struct page_backend *const backends[] = {&page_guard, &page_mprotect};

static struct {
    const struct page_backend *backend;
    size_t alignment;
} heap;

/* What a thread keeps for itself. Chunks are shared with signal handlers of the same thread, so slots are taken by an atomic
 * addition; the counters may lose an increment to a handler, which is why they are statistics only. */
struct heap_local {
    struct chunk *current[ARENA_SETS][ARENA_SLOT_CLASSES];
    uint64_t allocations, frees, bytes_allocated;
};

/* Used by a thread for whose own record there was no memory. */
static struct heap_local shared_local;

int heap_init(const struct heap_options *options)
{
    heap.alignment = options->alignment;
    int result = -ENOSYS;
    for (unsigned i = 0; i < ARRAY_LENGTH(backends) && result; i++) {
        if (options->backend && options->backend != (int)i + 1)
            continue;
        heap.backend = backends[i];
        result = heap.backend->probe();
    }
    return result ? result : arena_init(heap.backend);
}

const char *heap_backend(void)
{
    return heap.backend->name;
}

static struct heap_local *local_get(void)
{
    struct thread *self = thread_self();
    struct heap_local *local = self->slot[THREAD_SLOT_HEAP];
    if (unlikely(!local)) {
        local = own_alloc(sizeof(*local));
        if (!local)
            local = &shared_local;
        self->slot[THREAD_SLOT_HEAP] = local;
    }
    return local;
}

void heap_thread_end(void)
{
    struct heap_local *local = thread_self()->slot[THREAD_SLOT_HEAP];
    if (!local || local == &shared_local)
        return;
    for (int set = 0; set < ARENA_SETS; set++)
        for (int class = 0; class < ARENA_SLOT_CLASSES; class++) {
            struct chunk *chunk = local->current[set][class];
            local->current[set][class] = NULL;
            if (chunk)
                arena_give_chunk(chunk);
        }
}

/* The pages of a block: from the one its first byte is in to the end of the one its last byte is in. An empty block has none, so
 * that every access to it faults. */
static void block_span(const struct block *block, uintptr_t *start, uintptr_t *end)
{
    *start = align_down(block->start, PAGE_SIZE);
    *end = block->size ? align_up(block->start + block->size, PAGE_SIZE) : *start;
}

/* A record and its slot, with the slot's end in *end; NULL if this set cannot serve it. */
static struct block *take_slot(enum arena_set set, unsigned class, struct chunk **from, uintptr_t *end)
{
    struct heap_local *local = local_get();
    for (;;) {
        struct chunk *chunk = local->current[set][class];
        if (likely(chunk != NULL)) {
            uint32_t slot = atomic_fetch_add_explicit(&chunk->taken, 1, memory_order_relaxed);
            if (likely(slot < chunk->slots)) {
                *from = chunk;
                *end = chunk->base + (slot + 1) * arena_slot_size(class);
                return &chunk->blocks[slot];
            }
        }
        chunk = arena_take_chunk(set, class);
        if (!chunk)
            return NULL;
        local->current[set][class] = chunk;
    }
}

/* Class of the smallest slot that holds `rounded` bytes behind a guard page and has its end on a multiple of `alignment`. */
static unsigned slot_class(size_t rounded, size_t alignment)
{
    size_t pages = align_up(rounded, PAGE_SIZE) >> PAGE_SHIFT;
    unsigned class = log2_floor(pages);
    while (class < ARENA_HUGE && arena_slot_size(class) < alignment)
        class++;
    return class < ARENA_HUGE ? class : ARENA_HUGE;
}

static void *alloc_in(enum arena_set set, const struct heap_request *request, size_t alignment)
{
    size_t rounded = align_up(max_size(request->size, 1), alignment);
    unsigned class = slot_class(rounded, alignment);
    struct chunk *chunk;
    struct block *block;
    uintptr_t end;
    if (class < ARENA_HUGE) {
        block = take_slot(set, class, &chunk, &end);
        if (unlikely(!block))
            return NULL;
    } else {
        chunk = arena_take_huge(set, rounded, alignment);
        if (!chunk)
            return NULL;
        block = &chunk->blocks[0];
        end = align_down(chunk->base + chunk->length - CHUNK_SIZE, alignment);
    }
    block->start = end - rounded;
    block->size = request->size;
    block->alloc_stack = request->stack;
    block->alloc_thread = request->thread;
    block->leak_leader = 0;
    block->alloc_function = request->function;
    block->align_log2 = (uint8_t)log2_floor(request->alignment ? request->alignment : alignment);
    block->flags = set == ARENA_UNGUARDED ? BLOCK_UNGUARDED : 0;

    uintptr_t span_start, span_end;
    block_span(block, &span_start, &span_end);
    if (likely(span_end > span_start)) {
        if (unlikely(chunk->backend->commit((void *)span_start, span_end - span_start))) {
            arena_release_slot(chunk);
            return NULL;
        }
        slack_fill(block, span_start, span_end);
    }
    atomic_store_explicit(&block->state, BLOCK_LIVE, memory_order_release);
    return (void *)block->start;
}

void *heap_alloc(const struct heap_request *request)
{
    size_t alignment = max_size(heap.alignment, request->alignment);
    if (unlikely(request->size > SIZE_LIMIT || alignment > SIZE_LIMIT))
        return NULL;
    void *memory = alloc_in(ARENA_GUARDED, request, alignment);
    if (unlikely(!memory)) {
        memory = alloc_in(ARENA_UNGUARDED, request, alignment);
        if (!memory)
            return NULL;
        notice_once(MMT_NOTE_DEGRADED,
                    "no more mappings or address space for guard pages; from here on some blocks are not guarded "
                    "(vm.max_map_count, ulimit -v)");
    }
    struct heap_local *local = local_get();
    local->allocations++;
    local->bytes_allocated += request->size;
    return memory;
}

/* The record of the slot that `address` lies in; NULL outside the chunks. */
static struct block *record_at(uintptr_t address, struct chunk **chunk)
{
    *chunk = arena_chunk(address);
    if (!*chunk)
        return NULL;
    return &(*chunk)->blocks[chunk_slot(*chunk, address)];
}

static enum block_state state_of(const struct block *block)
{
    return atomic_load_explicit(&block->state, memory_order_acquire);
}

struct block *heap_block_at(uintptr_t address)
{
    struct chunk *chunk;
    struct block *block = record_at(address, &chunk);
    return block && block->start == address && state_of(block) == BLOCK_LIVE ? block : NULL;
}

bool heap_owns(uintptr_t address)
{
    return arena_owns(address);
}

/* What a pointer that no block starts at was aimed at. */
static struct heap_outcome judge_stray(uintptr_t address)
{
    struct heap_view view;
    heap_look(address, &view);
    struct block *nearest = NULL;
    if (view.has_before && address < view.before.start + view.before.size)
        nearest = view.before_record;
    else if (view.has_before && view.has_after)
        nearest = address - (view.before.start + view.before.size) <= view.after.start - address ? view.before_record
                                                                                                : view.after_record;
    else if (view.has_before || view.has_after)
        nearest = view.has_before ? view.before_record : view.after_record;
    return (struct heap_outcome){.verdict = nearest ? HEAP_NOT_START : HEAP_NO_BLOCK, .block = nearest};
}

struct heap_outcome heap_free(const struct heap_release *release)
{
    struct heap_outcome outcome = {.verdict = HEAP_NOT_OURS};
    if (unlikely(!arena_owns(release->address)))
        return outcome;
    struct chunk *chunk;
    struct block *block = record_at(release->address, &chunk);
    if (unlikely(!block || block->start != release->address || state_of(block) == BLOCK_NONE))
        return judge_stray(release->address);
    outcome.block = block;
    uint8_t live = BLOCK_LIVE;
    if (unlikely(!atomic_compare_exchange_strong(&block->state, &live, BLOCK_FREED))) {
        outcome.verdict = HEAP_WAS_FREED;
        return outcome;
    }
    outcome.verdict = HEAP_FREED;
    outcome.reported = block->flags & BLOCK_REPORTED;
    block->flags &= (uint8_t)~BLOCK_REPORTED; /* uses after the free are news */
    block->free_stack = release->stack;
    block->free_thread = release->thread;
    block->free_function = release->function;
    local_get()->frees++;

    uintptr_t span_start, span_end;
    block_span(block, &span_start, &span_end);
    if (likely(span_end > span_start)) {
        outcome.damaged = slack_damage(block, span_start, span_end, false);
        if (unlikely(chunk->backend->revoke((void *)span_start, span_end - span_start)))
            notice_once(MMT_NOTE_DEGRADED, "the kernel refused to revoke a freed block; its memory stays accessible");
    }
    arena_release_slot(chunk);
    return outcome;
}

bool heap_open_page(uintptr_t address)
{
    struct chunk *chunk = arena_chunk(address);
    void *page = (void *)align_down(address, PAGE_SIZE);
    if (!arena_owns(address))
        return false;
    const struct page_backend *backend = chunk ? chunk->backend : &page_mprotect;
    if (chunk && atomic_load_explicit(&chunk->retired, memory_order_relaxed))
        backend = &page_mprotect;
    return backend->commit(page, PAGE_SIZE) == 0 && !page_faults(page);
}

struct sweep {
    heap_damage_visit visit;
    void *argument;
};

static bool sweep_block(struct block *block, void *argument)
{
    struct sweep *sweep = argument;
    uintptr_t span_start, span_end, damaged = 0;
    block_span(block, &span_start, &span_end);
    if (span_end > span_start && !(block->flags & BLOCK_REPORTED))
        damaged = slack_damage(block, span_start, span_end, true);
    if (damaged)
        sweep->visit(block, damaged, sweep->argument);
    return true;
}

void heap_sweep(heap_damage_visit visit, void *argument)
{
    struct sweep sweep = {visit, argument};
    heap_each_live(sweep_block, &sweep);
}

static bool count_block(struct block *block, void *argument)
{
    struct heap_counters *counters = argument;
    counters->blocks_live++;
    counters->bytes_live += block->size;
    counters->blocks_unguarded += (block->flags & BLOCK_UNGUARDED) != 0;
    return true;
}

static void add_local(struct heap_counters *counters, const struct heap_local *local)
{
    counters->allocations += local->allocations;
    counters->frees += local->frees;
    counters->bytes_allocated += local->bytes_allocated;
}

void heap_count(struct heap_counters *counters)
{
    *counters = (struct heap_counters){0};
    add_local(counters, &shared_local);
    for (struct thread *t = thread_first(); t; t = t->next)
        if (t->slot[THREAD_SLOT_HEAP] && t->slot[THREAD_SLOT_HEAP] != &shared_local)
            add_local(counters, t->slot[THREAD_SLOT_HEAP]);
    heap_each_live(count_block, counters);
}
