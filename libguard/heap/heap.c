/* SPDX-License-Identifier: MIT */
#include "heap/heap.h"

#include <errno.h>

#include "base/bits.h"
#include "base/data_limit.h"
#include "base/lock.h"
#include "base/notice.h"
#include "base/own_memory.h"
#include "base/single.h"
#include "base/sys.h"
#include "base/thread.h"
#include "heap/arena.h"
#include "heap/compact.h"
#include "heap/guarded.h"
#include "heap/huge.h"
#include "heap/local.h"
#include "heap/policy.h"
#include "heap/slack.h"
#include "heap/span.h"
#include "heap/window.h"
#include "mmtrace.h"
#include "page/backend.h"

/* Requests beyond this never succeed: half of the address space of a process. */
#define SIZE_LIMIT ((size_t)1 << 46)

/* From this size on the kernel is asked whether it has so much. */
#define ASKED_FROM ((size_t)256 << 20)

/* Blocks from this size on get a run when there are no slots left for them. */
#define RUN_FROM ((size_t)64 << 10)

/* Larger blocks are always guarded: it costs them little. */
#define CHOSEN_LARGEST ((size_t)32 << 10)

/* Blocks up to this size start out cleared if their pages come from a freed block. */
#define CLEARED_LARGEST ((size_t)4096)

static const struct page_backend *const backends[] = {&page_move, &page_guard, &page_mprotect};

static struct {
    const struct page_backend *backend;
    size_t alignment;
    size_t largest_in_slot;
    bool data_limited; /* ulimit -d: only what is outside slots and compact chunks counts */
    enum heap_placement placement;
    bool sandbox;
} heap;

/* Used by a thread for whose own there was no memory. */
static struct heap_local shared_local = {.busy = true, .shared = true};

int heap_init(const struct heap_options *options)
{
    heap.alignment = options->alignment;
    heap.placement = options->placement;
    heap.data_limited = data_limit() != UINT64_MAX;
    heap.largest_in_slot = heap.data_limited ? CHOSEN_LARGEST : GUARDED_LARGEST;
    int result = -ENOSYS;
    for (unsigned i = 0; i < ARRAY_LENGTH(backends) && result; i++) {
        if (options->backend && options->backend != (int)i + 1)
            continue;
        heap.backend = backends[i];
        result = heap.backend->probe();
        if (!result)
            result = arena_init(heap.backend, options->history);
    }
    if (result)
        return result;
    struct policy_options policy = {options->guard, options->revoke, options->budget};
    policy_init(&policy, heap.backend);
    return 0;
}

const char *heap_backend(void)
{
    return heap.backend->name;
}

NOINLINE struct heap_local *local_make(struct thread *self)
{
    struct heap_local *local = thread_is_spare(self) ? NULL : own_alloc(sizeof(*local));
    if (!local)
        local = &shared_local;
    self->slot[THREAD_SLOT_HEAP] = local;
    return local;
}

/* ---- allocation */

/* What a block is going to be, and where. */
struct place {
    struct chunk *chunk;
    struct block *block;
    struct span span; /* empty for an empty block */
    uint16_t span_pages;
    uint8_t flags;
    bool dirty; /* the memory is not zero */
};

static bool at_start(const struct heap_request *request)
{
    if (likely(heap.placement == HEAP_PLACEMENT_END))
        return false;
    /* The same for all blocks of a call site, so that running it twice with the other parity would
     * see both ends. */
    return heap.placement == HEAP_PLACEMENT_START || request->stack & 1;
}

static bool place_in_slot(struct heap_local *local, size_t rounded, struct place *place)
{
    size_t pages = align_up(rounded, PAGE_SIZE) >> PAGE_SHIFT;
    unsigned bucket = bucket_of(pages);
    uintptr_t end;
    place->block = guarded_take(local, bucket, &place->chunk, &end, &place->dirty);
    place->span_pages = (uint16_t)bucket_pages(bucket);
    place->span = (struct span){end - place->span_pages * PAGE_SIZE, end};
    return place->block != NULL;
}

/* Blocks that need pages of their own choice in a slot: empty ones, and those aligned to more than
 * a page. */
static bool place_bare(struct heap_local *local, const struct heap_request *request, size_t rounded,
                       size_t alignment, struct place *place)
{
    unsigned class = bucket_class(align_up(rounded, PAGE_SIZE) >> PAGE_SHIFT);
    while (class < SLOT_CLASSES && PAGE_SIZE << (class + 1) < alignment)
        class ++;
    uintptr_t end;
    if (class >= SLOT_CLASSES)
        return false;
    place->block = guarded_take_bare(local, class, &place->chunk, &end);
    if (!place->block)
        return false;
    uintptr_t start = end - rounded;
    place->span.start = align_down(start, PAGE_SIZE);
    place->span.end =
        request->size ? align_up(start + request->size, PAGE_SIZE) : place->span.start;
    size_t length = place->span.end - place->span.start;
    if (unlikely(length && atomic_load_explicit(&place->chunk->opened, memory_order_relaxed)))
        place->chunk->backend->revoke((void *)place->span.start, length);
    if (length && place->chunk->backend->commit((void *)place->span.start, length)) {
        arena_release_slot(place->chunk);
        return false;
    }
    return true;
}

static bool place_huge(const struct heap_request *request, size_t alignment, struct place *place)
{
    place->block = huge_take(max_size(request->size, 1), alignment, &place->chunk, &place->dirty);
    if (place->block)
        place->span = (struct span){place->chunk->run_start, place->chunk->run_end};
    return place->block != NULL;
}

static HOT bool place_guarded(struct heap_local *local, const struct heap_request *request,
                              size_t alignment, struct place *place)
{
    size_t rounded = align_up(max_size(request->size, 1), alignment);
    *place = (struct place){0};
    if (likely(rounded <= heap.largest_in_slot)) {
        if (likely(request->size && alignment <= PAGE_SIZE)) {
            if (likely(place_in_slot(local, rounded, place)))
                return true;
            if (rounded < RUN_FROM)
                return false;
        } else if (place_bare(local, request, rounded, alignment, place))
            return true;
    }
    return place_huge(request, alignment, place);
}

static bool place_unguarded(struct heap_local *local, const struct heap_request *request,
                            size_t alignment, struct place *place)
{
    *place = (struct place){.flags = BLOCK_UNGUARDED, .dirty = true};
    place->block =
        compact_take(local, request->size, alignment, &place->span.start, &place->span.end);
    if (place->block) {
        place->chunk = arena_chunk(place->span.start);
        return true;
    }
    place->block = huge_take_loose(max_size(request->size, 1), alignment, &place->chunk);
    if (!place->block)
        return false;
    place->span = (struct span){place->chunk->run_start, place->chunk->run_end};
    return true;
}

static uintptr_t start_in(const struct place *place, const struct heap_request *request,
                          size_t alignment)
{
    if (place->flags & BLOCK_UNGUARDED && place->chunk->arena == ARENA_COMPACT)
        return align_up(place->span.start + COMPACT_RED_ZONE, alignment);
    if (place->span.end ==
        place->span.start) /* an empty block, in a page that stays inaccessible */
        return align_down(place->span.start + PAGE_SIZE - 16, alignment);
    if (at_start(request))
        return align_up(place->span.start, alignment);
    return align_down(place->span.end - max_size(request->size, 1), alignment);
}

/* The pages of a freed block still hold its pointers. In a new block that the program does not
 * fill, a buffer of stdio's for one, they would keep alive what nothing else points to. Larger
 * blocks are left as they are: that costs more than the rest of the allocation. */
static bool clear_remains(const struct place *place, size_t size)
{
    return size <= CLEARED_LARGEST && !(place->flags & BLOCK_UNGUARDED);
}

static void *make_block(const struct place *place, const struct heap_request *request,
                        size_t alignment)
{
    struct block *block = place->block;
    block->start = start_in(place, request, alignment);
    GUARD_ASSERT(block->start % alignment == 0 && block->state != BLOCK_LIVE &&
                 span_fits(place->chunk, block, place->span, request->size));
    block->size = request->size;
    block->alloc_stack = request->stack;
    block->alloc_thread = request->thread;
    block->leak_leader = 0;
    block->alloc_function = request->function;
    block->align_log2 = (uint8_t)log2_floor(request->alignment ? request->alignment : alignment);
    block->flags = place->flags;
    block->span_pages = place->span_pages;
    if (likely(place->span.end > place->span.start)) {
        slack_fill(block, place->span.start, place->span.end);
        if (place->dirty && (request->zero || clear_remains(place, block->size)))
            __builtin_memset((void *)block->start, 0, block->size);
    }
    atomic_store_explicit(&block->state, BLOCK_LIVE, memory_order_release);
    return (void *)block->start;
}

/* Our reservations are made without counting against the kernel's commit limit; a request that it
 * would refuse outright must fail here as well, and not when the memory is touched. */
static NOINLINE bool kernel_would_commit(size_t size)
{
    void *trial = sys_map_counted(size);
    if (!trial)
        return false;
    sys_unmap(trial, size);
    return true;
}

HOT void *heap_alloc(const struct heap_request *request)
{
    size_t alignment = max_size(heap.alignment, request->alignment);
    if (unlikely(request->size > SIZE_LIMIT || alignment > SIZE_LIMIT))
        return NULL;
    if (unlikely(request->size >= ASKED_FROM && !kernel_would_commit(request->size)))
        return NULL;
    struct heap_local *local = local_get();
    struct place place;
    bool guard =
        !heap.sandbox && (request->size > CHOSEN_LARGEST || policy_guard(local, request->stack));
    bool placed = guard && place_guarded(local, request, alignment, &place);
    if (unlikely(!placed)) {
        placed = place_unguarded(local, request, alignment, &place) ||
                 (!guard && !heap.data_limited && place_guarded(local, request, alignment, &place));
        if (!placed)
            return NULL;
        if (guard)
            notice_once(MMT_NOTE_DEGRADED, "the kernel has no more mappings or address space for "
                                           "guard pages; from here on some blocks are "
                                           "not guarded (vm.max_map_count, ulimit -v)");
    }
    local->allocations++;
    local->bytes_allocated += request->size;
    return make_block(&place, request, alignment);
}

/* ---- deallocation */

static bool forgotten(const struct chunk *chunk)
{
    return chunk && !chunk->slots;
}

struct block *heap_block_at(uintptr_t address)
{
    struct chunk *chunk = arena_chunk(address);
    struct block *block = chunk ? chunk_block(chunk, address) : NULL;
    return block && block->start == address && block_state_of(block) == BLOCK_LIVE ? block : NULL;
}

/* A pointer that no block starts at. */
static void judge_stray(uintptr_t address, struct heap_outcome *outcome)
{
    struct heap_view view;
    heap_look(address, &view);
    const struct block *meant = heap_view_nearest(&view, address);
    outcome->verdict = meant ? HEAP_NOT_START : HEAP_NO_BLOCK;
    outcome->has_block = meant != NULL;
    if (meant)
        outcome->as_was = *meant;
}

/* Gives up the memory of a block that was just freed, where that is not revoking the pages of its
 * slot. */
static NOINLINE void retire_block(struct chunk *chunk, struct block *block,
                                  struct heap_outcome *outcome)
{
    struct heap_local *local = local_get();
    struct compact_late late = {NULL, 0};
    struct span span = span_of(chunk, block);
    if (chunk->arena == ARENA_COMPACT)
        late = compact_retire(local, block);
    else if (heap.sandbox)
        return;
    else if (span.end == span.start)
        arena_release_slot(chunk);
    else if (chunk_is_run(chunk))
        huge_revoke(chunk);
    else if (!policy_window() || policy_revoke_now(block->alloc_stack, block->free_stack))
        guarded_revoke(local, chunk, block, span.start, span.end, NULL);
    else
        late = window_put(local, block);
    outcome->late = late.block;
    outcome->late_damaged = late.damaged;
}

HOT void heap_foresee(uintptr_t address)
{
    struct chunk *chunk = arena_chunk(address);
    if (unlikely(!chunk))
        return;
    const struct block *block = &chunk->blocks[chunk_slot(chunk, address)];
    __builtin_prefetch(block, 1);
    __builtin_prefetch((const char *)(block + 1) - 1, 1);
}

HOT void heap_free(const struct heap_release *release, struct heap_outcome *outcome)
{
    /* Field by field: clearing the structure as a whole costs more than all the rest of this. */
    outcome->verdict = HEAP_NOT_OURS;
    outcome->has_block = false;
    outcome->late = NULL;
    outcome->damage.at = outcome->late_damaged = 0;
    outcome->explained = false;
    if (unlikely(!arena_owns(release->address)))
        return;
    struct chunk *chunk = arena_chunk(release->address);
    if (unlikely(forgotten(chunk))) {
        outcome->verdict = HEAP_FORGOTTEN;
        return;
    }
    struct block *block = chunk ? chunk_block(chunk, release->address) : NULL;
    if (unlikely(!block || block->start != release->address ||
                 block_state_of(block) == BLOCK_NONE)) {
        judge_stray(release->address, outcome);
        return;
    }
    outcome->has_block = true;
    outcome->as_was = *block;
    if (unlikely(!single_change(&block->state, BLOCK_LIVE, BLOCK_FREED))) {
        outcome->as_was = *block; /* another thread may have freed it since the first copy */
        outcome->verdict = HEAP_WAS_FREED;
        return;
    }
    outcome->verdict = HEAP_FREED;
    outcome->explained = block->flags & BLOCK_WRITTEN;
    block->flags &= (uint8_t) ~(BLOCK_REPORTED | BLOCK_WRITTEN); /* uses after the free are news */
    block->free_stack = release->stack;
    block->free_thread = release->thread;
    block->free_function = release->function;
    struct heap_local *local = local_get();
    local->frees++;
    struct span span = span_of(chunk, block);
    GUARD_ASSERT(span.start >= chunk->base && span.end <= chunk->base + chunk->length);
    GUARD_ASSERT(!(block->flags & BLOCK_WAITING) && !chunk->retired);
    /* The last step: what runs after the system call runs with cold branch prediction. */
    if (likely(chunk->arena < ARENA_HUGE && !release->keep && span.end > span.start &&
               !heap.sandbox && !policy_window())) {
        guarded_revoke(local, chunk, block, span.start, span.end, &outcome->damage);
        return;
    }
    if (likely(span.end > span.start))
        slack_check(block, span.start, span.end, 0, &outcome->damage);
    if (likely(!release->keep))
        retire_block(chunk, block, outcome);
}

void heap_give_up(uintptr_t start, struct heap_outcome *outcome)
{
    struct chunk *chunk = arena_chunk(start);
    *outcome = (struct heap_outcome){0};
    retire_block(chunk, chunk_block(chunk, start), outcome);
}

bool heap_open_page(uintptr_t address, bool write)
{
    if (!arena_owns(address))
        return false;
    struct chunk *chunk = arena_chunk(address);
    const struct page_backend *backend = chunk && chunk->slots ? chunk->backend : heap.backend;
    if (chunk && chunk->slots)
        atomic_store_explicit(&chunk->opened, true, memory_order_relaxed);
    return page_open(backend, (void *)align_down(address, PAGE_SIZE), write) == 0;
}

bool heap_heal(uintptr_t address)
{
    struct chunk *chunk = arena_chunk(address);
    if (!chunk || !chunk->slots || chunk->backend != &page_move || !heap_find_live(address))
        return false;
    return chunk->backend->commit((void *)align_down(address, PAGE_SIZE), PAGE_SIZE) == 0;
}

/* ---- threads and processes */

static void end_local(struct heap_local *local)
{
    if (local == &shared_local || local->busy)
        return;
    local->busy = true;
    window_end(local);
    compact_thread_end(local);
    guarded_thread_end(local);
    local->busy = false;
}

void heap_thread_end(void)
{
    struct heap_local *local = thread_self()->slot[THREAD_SLOT_HEAP];
    if (local)
        end_local(local);
}

void heap_after_fork(void)
{
    if (heap.backend->after_fork && heap.backend->after_fork())
        notice_once(MMT_NOTE_DEGRADED, "a forked child cannot have a userfaultfd of its own; "
                                       "blocks freed there stay accessible (backend=guard or "
                                       "mprotect needs none)");
    for (struct thread *t = thread_first(); t; t = t->next)
        if (t != thread_current && t->slot[THREAD_SLOT_HEAP])
            end_local(t->slot[THREAD_SLOT_HEAP]);
}

void heap_give_up_space(size_t limit)
{
    arena_shrink(limit);
}

void heap_limit_writable(void)
{
    struct heap_local *local = local_get();
    arena_save_writable();
    if (!local_enter(local))
        return;
    guarded_stock_up(local);
    compact_stock_up(local);
    local_leave(local);
}

void heap_enter_sandbox(void)
{
    own_stock_up();
    compact_stock_up(local_get());
    lock_spare_signals();
    heap.sandbox = true;
}

bool heap_in_sandbox(void)
{
    return heap.sandbox;
}

/* ---- counting */

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
