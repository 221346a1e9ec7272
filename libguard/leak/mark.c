/* SPDX-License-Identifier: MIT
 *
 * The kinds are those that the Valgrind manual defines (section "Memory leak detection" of the
 * Memcheck chapter). A pointer to the first byte of a block is a start pointer, one to any other
 * byte of it an interior pointer; one past the end is neither, unless the block is nothing but the
 * header of an array without elements.
 *
 *     reachable   some chain of start pointers leads from a root to it
 *     possible    chains lead from a root to it, and each has an interior pointer somewhere
 *     definite    no chain leads from a root to it, and it is not indirect
 *     indirect    only lost blocks lead to it: to free a definite block properly frees it too
 *
 * An interior pointer may be an accident, or how a library keeps its data: std::string, arrays with
 * a count in front, the second base of a C++ object. Those are told by pointers.h and count as
 * start pointers. Between lost blocks start and interior pointers are not told apart.
 *
 * Everything is done in waves over a worklist; each block is scanned once for the first three, and
 * lost blocks twice:
 *
 *  1. From the roots along start pointers: REACHABLE. A block seen through an interior pointer only
 *     is noted as TOUCHED, and that note is overwritten if a start pointer turns up later. So no
 *     block is scanned as possible and then again as reachable.
 *  2. From all TOUCHED blocks along any pointer to what has no mark yet: POSSIBLE.
 *  3. What is left is lost. Blocks are taken in the order of order.h; each that has no mark becomes
 * a CANDIDATE, and what can be reached from it and has no mark becomes CLAIMED.
 *  4. Candidates are taken in the opposite order; one that is still a candidate becomes DEFINITE,
 *     and all lost blocks that can be reached from it, earlier candidates too, become INDIRECT,
 *     with it as their leader.
 *
 * Waves 3 and 4 leave exactly one DEFINITE block for each group of blocks that nothing else points
 * to - a single block, or a cycle, or cycles joined - and no other. Why: if candidate a was made
 * before b, then b cannot be reached from a, or a would have claimed it. So when wave 4 comes to a,
 * the candidates that could lead to a are all behind it, and a is DEFINITE if and only if none of
 * them does. A single wave, in which a leader takes over the leaders it meets, would leave a leader
 * behind whose cycle is entered at another block, and would count a leak more or less depending on
 * addresses. Of a cycle the DEFINITE block is the one that comes first in the order.
 *
 * The cost is cache misses, and misses of page tables above all: each block has a page of its own.
 * So blocks that were found wait by address, 2 MiB at a time, and are scanned in that order, around
 * and around: neighbours share page tables, in whatever order pointers lead to them. On their way
 * they go through a queue of MARK_AHEAD, and their contents are prefetched when they enter it;
 * words that may be pointers go through a queue of MARK_EDGES while the records they lead to are
 * prefetched.
 */
#include "leak/mark.h"

#include <errno.h>

#include "base/bits.h"
#include "base/options.h"
#include "base/own_memory.h"
#include "base/probe.h"
#include "leak/mark_waves.h"
#include "leak/order.h"
#include "leak/pointer_words.h"
#include "leak/pointers.h"

/* Above this a block's pages are asked for rather than read one by one: much of a large block may
 * never have been touched. */
#define LARGE_BLOCK (64 * PAGE_SIZE)
/* Room for blocks that come to life between counting and stopping. */
#define SPARE_BLOCKS 4096

static void mark_push(struct mark *mark, struct block *block, enum wave wave)
{
    block->leak_mark = (uint8_t)wave;
    if (mark->buckets.heads) {
        buckets_put(&mark->buckets, block);
        return;
    }
    if (mark->pending_count + mark->candidates < mark->capacity)
        mark->pending[mark->pending_count++] = block;
    else
        mark->failure = "the heap grew during the leak check";
}

static void found_from_lost(struct mark *mark, struct block *block)
{
    if (block->leak_mark != CLAIMED && block->leak_mark != CANDIDATE)
        return;
    mark_push(mark, block, INDIRECT);
    if (!mark_inherited(block)) {
        mark->leader->blocks++;
        mark->leader->bytes += block->size;
    }
}

static void found(struct mark *mark, struct block *block, uintptr_t value, bool exact)
{
    switch (mark->wave) {
    case REACHABLE:
        if (block->leak_mark == REACHABLE)
            return;
        if (value == block->start || exact || value - block->start == block->size ||
            pointers_count_as_start(block, value, mark->regions))
            mark_push(mark, block, REACHABLE);
        else
            block->leak_mark = TOUCHED;
        return;
    case POSSIBLE:
        if (block->leak_mark == UNSEEN || block->leak_mark == TOUCHED)
            mark_push(mark, block, POSSIBLE);
        return;
    case CLAIMED:
        if (block->leak_mark == UNSEEN)
            mark_push(mark, block, CLAIMED);
        return;
    default:
        found_from_lost(mark, block);
    }
}

/* Looks at the oldest words, until only `left` are not settled. */
static void settle_edges(struct mark *mark, unsigned left)
{
    while (mark->edge_count > left) {
        const struct mark_edge edge = mark->edges[mark->edge_first];
        mark->edge_first = (mark->edge_first + 1) % MARK_EDGES;
        mark->edge_count--;
        uintptr_t offset = edge.value - edge.record->start;
        if (block_state_of(edge.record) == BLOCK_LIVE &&
            (offset < edge.record->size || offset == 0 ||
             (offset == edge.record->size && pointers_behind_header(edge.record))))
            found(mark, edge.record, edge.value, edge.exact);
    }
}

static inline void note_edge(struct mark *mark, uintptr_t value, struct block *record, bool exact)
{
    if (!record)
        return;
    __builtin_prefetch(record);
    __builtin_prefetch((const char *)record + sizeof(*record) - 1);
    if (mark->edge_count == MARK_EDGES)
        settle_edges(mark, MARK_EDGES - 1);
    mark->edges[(mark->edge_first + mark->edge_count++) % MARK_EDGES] =
        (struct mark_edge){value, record, exact};
}

static inline void consider(struct mark *mark, uintptr_t value, bool exact)
{
    if (value - mark->low >= mark->high - mark->low)
        return;
    struct block *record = mark->heap->record(value);
    note_edge(mark, value, record, exact);
    if (unlikely(value % PAGE_SIZE == 0)) { /* just past a block that ends with its page? */
        struct block *before = mark->heap->record(value - 1);
        if (before != record)
            note_edge(mark, value, before, false);
    }
}

struct part {
    struct mark *mark;
    uintptr_t start, end;
};

static void visit_word(uintptr_t value, void *mark)
{
    consider(mark, value, false);
}

/* The words of a piece of one page. False if it cannot be read. */
static inline bool scan_words(struct mark *mark, uintptr_t start, uintptr_t end)
{
    uintptr_t value;
    if (!probe_word(start, &value))
        return false;
    consider(mark, value, false);
    for (start += sizeof(value); start < end; start += sizeof(value)) {
        if (!mark->careful)
            value = *(const uintptr_t *)start;
        else if (!probe_word(start, &value))
            break;
        consider(mark, value, false);
    }
    return true;
}

static void scan_readable(struct mark *mark, uintptr_t start, uintptr_t end);

static void scan_copy(uintptr_t start, uintptr_t end, void *mark)
{
    scan_readable(mark, start, end);
}

static void scan_hidden(uintptr_t start, uintptr_t end, void *argument)
{
    const struct part *part = argument;
    hidden_each(&part->mark->hidden, max_size(start, part->start), min_size(end, part->end),
                scan_copy, part->mark);
}

static bool is_hidden(const struct mark *mark, uintptr_t address)
{
    const struct region *region =
        mark->present && mark->regions ? regions_find(mark->regions, address) : NULL;
    return region && !(region->flags & (REGION_READ | REGION_DEVICE | REGION_SHARED));
}

/* In a block, or a piece of a pool, that the program has made inaccessible itself. Only pages that
 * are there are read: for another one the kernel may have to ask somebody. */
static void scan_unreadable(struct mark *mark, uintptr_t start, uintptr_t end)
{
    if (mark->careful || !is_hidden(mark, start))
        return;
    struct part part = {mark, start, end};
    present_each_own(mark->present, align_down(start, PAGE_SIZE), align_up(end, PAGE_SIZE),
                     scan_hidden, &part);
}

static void scan_readable(struct mark *mark, uintptr_t start, uintptr_t end)
{
    if (unlikely(mark->pointers != LEAK_POINTERS_ALIGNED)) {
        if (is_hidden(mark, start))
            scan_unreadable(mark, start, end);
        else
            pointer_words(mark->pointers, start, end, visit_word, mark);
        return;
    }
    start = align_up(start, sizeof(uintptr_t));
    end = align_down(end, sizeof(uintptr_t));
    while (start < end) {
        uintptr_t next = min_size(end, align_down(start, PAGE_SIZE) + PAGE_SIZE);
        if ((mark->regions && unlikely(regions_hide(mark->regions, start))) ||
            !scan_words(mark, start, next))
            scan_unreadable(mark, start, next);
        start = next;
    }
}

static void scan_whole(struct mark *mark, uintptr_t start, uintptr_t end)
{
    if (unlikely(mark->hiding))
        hidden_each(&mark->hidden, start, end, scan_copy, mark);
    else
        scan_readable(mark, start, end);
}

/* Leaves out the pieces of pools that lie there. */
static void scan(struct mark *mark, uintptr_t start, uintptr_t end)
{
    const struct block *piece;
    while (mark->heap->next_piece && start < end && (piece = mark->heap->next_piece(start)) &&
           piece->start < end) {
        scan_whole(mark, start, piece->start);
        start = piece->start + max_size(piece->size, 1);
    }
    scan_whole(mark, start, end);
}

static void scan_part(uintptr_t start, uintptr_t end, void *argument)
{
    const struct part *part = argument;
    scan(part->mark, max_size(start, part->start), min_size(end, part->end));
}

static void scan_block(struct mark *mark, const struct block *block)
{
    uintptr_t start = block->start, end = start + block->size;
    const struct block *piece = mark->heap->next_piece ? mark->heap->next_piece(start) : NULL;
    if (piece == block) {
        scan_whole(mark, start, end);
        return;
    }
    if (block->size < LARGE_BLOCK || !mark->present) {
        scan(mark, start, end);
        return;
    }
    struct part part = {mark, start, end};
    present_each(mark->present, align_down(start, PAGE_SIZE), align_up(end, PAGE_SIZE), scan_part,
                 &part);
}

/* A block that is to be scanned, or NULL. */
static struct block *mark_take(struct mark *mark)
{
    if (mark->buckets.heads)
        return buckets_take(&mark->buckets);
    return mark->pending_count ? mark->pending[--mark->pending_count] : NULL;
}

/* Until nothing is pending. */
static void drain(struct mark *mark)
{
    for (;;) {
        struct block *next;
        while (mark->ahead_count < MARK_AHEAD && (next = mark_take(mark))) {
            __builtin_prefetch((const void *)next->start);
            mark->ahead[(mark->ahead_first + mark->ahead_count++) % MARK_AHEAD] = next;
        }
        if (!mark->ahead_count) {
            if (!mark->edge_count)
                return;
            settle_edges(mark, 0);
            continue;
        }
        struct block *block = mark->ahead[mark->ahead_first];
        mark->ahead_first = (mark->ahead_first + 1) % MARK_AHEAD;
        mark->ahead_count--;
        /* Where a thread runs, the block may be freed, and the field the stack of the free. */
        if (block->leak_mark == INDIRECT && !mark->careful)
            block->leak_leader = (uint64_t)(mark->leader - mark->leaders) + 1;
        scan_block(mark, block);
    }
}

/* ---- the waves */

/* What a running thread has just allocated is its own business, and may hold what it took out of
 * other places. */
static bool start_outside(struct block *block, void *argument)
{
    struct mark *mark = argument;
    if (block->leak_mark == OUTSIDE) {
        mark_push(mark, block, REACHABLE);
        drain(mark);
    }
    return !mark->failure;
}

static bool start_possible(struct block *block, void *argument)
{
    struct mark *mark = argument;
    bool doubted = mark->hidden.missed && block->leak_mark == UNSEEN;
    if (block->leak_mark == TOUCHED || doubted) {
        mark->doubted |= doubted && !mark_inherited(block);
        mark_push(mark, block, POSSIBLE);
        drain(mark);
    }
    return !mark->failure;
}

static bool start_candidate(struct block *block, void *argument)
{
    struct mark *mark = argument;
    if (block->leak_mark != UNSEEN)
        return true;
    mark_push(mark, block, CANDIDATE);
    drain(mark);
    if (mark->candidates < mark->capacity)
        mark->pending[mark->capacity - ++mark->candidates] = block;
    else
        mark->failure = "the heap grew during the leak check";
    return !mark->failure;
}

static bool mark_is_lost(const struct block *block)
{
    return block->leak_mark == UNSEEN;
}

/* With a thread that runs the order might change under its feet. */
static void find_candidates(struct mark *mark)
{
    struct order order = {0};
    if (mark->careful)
        mark->heap->each(start_candidate, mark);
    else if (order_make(&order, mark->heap->each, mark_is_lost))
        order_each(&order, start_candidate, mark);
    else
        mark->failure = "no memory for a list of the leaks";
    order_free(&order);
}

static void choose_leaders(struct mark *mark)
{
    mark->leader_capacity = mark->candidates;
    if (!mark->candidates)
        return;
    mark->leaders = own_map(mark->leader_capacity * sizeof(*mark->leaders));
    if (!mark->leaders) {
        mark->failure = "no memory for the sums of the leaks";
        return;
    }
    for (size_t last = mark->candidates; last-- > 0 && !mark->failure;) {
        struct block *block = mark->pending[mark->capacity - 1 - last];
        mark->candidates = last;
        if (block->leak_mark != CANDIDATE)
            continue;
        mark->leader = &mark->leaders[last];
        mark->leader->stack = block->alloc_stack;
        mark_push(mark, block, DEFINITE);
        drain(mark);
        block->leak_leader = last + 1;
    }
}

const char *mark_finish(struct mark *mark)
{
    drain(mark);
    if (!mark->failure && mark->careful)
        mark->heap->each(start_outside, mark);
    mark->wave = POSSIBLE;
    if (!mark->failure)
        mark->heap->each(start_possible, mark);
    mark->wave = CLAIMED;
    if (!mark->failure)
        find_candidates(mark);
    mark->wave = INDIRECT;
    if (!mark->failure)
        choose_leaders(mark);
    return mark->failure;
}

/* ---- begin, results, end */

struct extent {
    uintptr_t low, high;
    size_t count;
};

static bool measure(struct block *block, void *argument)
{
    struct extent *extent = argument;
    extent->count++;
    extent->low = min_size(extent->low, block->start);
    extent->high = max_size(extent->high, block->start + block->size + 1);
    return true;
}

static bool enlist(struct block *block, void *argument)
{
    block->leak_mark = UNSEEN;
    return measure(block, argument);
}

static bool mark_room(struct mark *mark, size_t blocks)
{
    mark->capacity = blocks + SPARE_BLOCKS;
    if (mark->capacity <= mark->reserved)
        return true;
    if (mark->pending)
        own_unmap(mark->pending, mark->reserved * sizeof(struct block *));
    mark->pending = own_map(mark->capacity * sizeof(struct block *));
    mark->reserved = mark->pending ? mark->capacity : 0;
    return mark->pending;
}

int mark_reserve(struct mark *mark, const struct leak_heap *heap)
{
    *mark = (struct mark){.heap = heap};
    struct extent extent = {.low = UINTPTR_MAX};
    heap->each(measure, &extent);
    return mark_room(mark, extent.count) ? 0 : -ENOMEM;
}

void mark_begin(struct mark *mark, const struct regions *regions, struct present *present,
                bool careful)
{
    struct extent extent = {.low = UINTPTR_MAX};
    mark->heap->each(enlist, &extent);
    if (!mark_room(mark, extent.count)) {
        mark->capacity = 0;
        mark->failure = "no memory for a list of the blocks";
    }
    mark->regions = regions;
    mark->present = present;
    mark->careful = careful;
    mark->low = extent.count ? extent.low : 0;
    mark->high = extent.high;
    mark->wave = REACHABLE;
    if (!careful)
        buckets_make(&mark->buckets, mark->low, mark->high);
}

void mark_root(struct mark *mark, uintptr_t value, bool exact)
{
    consider(mark, value, exact);
    if (unlikely(mark->pointers == LEAK_POINTERS_TAGGED))
        pointer_readings(value, visit_word, mark);
}

void mark_range(struct mark *mark, uintptr_t start, uintptr_t end)
{
    scan(mark, start, end);
}

void mark_hidden(struct mark *mark, uintptr_t start, uintptr_t end)
{
    mark->hiding = true;
    scan(mark, start, end);
    mark->hiding = false;
}

void mark_held(struct mark *mark, struct block *block)
{
    settle_edges(mark, 0);
    if (block->leak_mark == UNSEEN || block->leak_mark == TOUCHED)
        mark_push(mark, block, REACHABLE);
}

void mark_held_empty(struct mark *mark, struct block *block)
{
    settle_edges(mark, 0);
    if (block->leak_mark == UNSEEN || block->leak_mark == TOUCHED)
        block->leak_mark = REACHABLE;
}
