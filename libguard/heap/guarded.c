/* SPDX-License-Identifier: MIT */
#include "heap/guarded.h"

#include "base/lock.h"
#include "base/notice.h"
#include "base/own_memory.h"
#include "mmtrace.h"
#include "page/page_move.h"

/* Spares a thread keeps of a bucket, and what all threads together keep in the pool, of one bucket
 * and of all, in pages. More is given back to the kernel. */
#define LARGEST_SPARE_COUNT 512
#define POOL_BUCKET_PAGES   16384
#define POOL_PAGES          32768

/* Of larger blocks no spares are given back to make room for others. */
#define DROPPED_PAGES 2

/* Blocks of more pages than this waste little in guarding: they do not count against the budget. */
#define COUNTED_PAGES 8

static struct {
    struct spare_list lists[BUCKETS];
    int64_t spare_pages; /* in all lists; under the lock */
    int64_t most_pages; /* of them */
    _Atomic int64_t pages; /* accessible pages of slots of up to COUNTED_PAGES */
} pool = {.most_pages = POOL_PAGES};

static uint32_t spare_limit(unsigned bucket)
{
    size_t pages = bucket_pages(bucket);
    return pages == 1 ? LARGEST_SPARE_COUNT : pages < 8 ? 128 : pages <= BUCKET_EXACT ? 32 : 4;
}

static uint32_t pool_limit(unsigned bucket)
{
    return (uint32_t)(POOL_BUCKET_PAGES / bucket_pages(bucket));
}

uint64_t guarded_pages(void)
{
    int64_t pages = atomic_load_explicit(&pool.pages, memory_order_relaxed);
    return pages > 0 ? (uint64_t)pages : 0;
}

void guarded_limit_spares(uint64_t pages)
{
    if (pages < POOL_PAGES)
        pool.most_pages = (int64_t)pages;
}

static void count_pages(size_t pages, int sign)
{
    if (pages <= COUNTED_PAGES)
        atomic_fetch_add_explicit(&pool.pages, sign * (int64_t)pages, memory_order_relaxed);
}

static bool list_ready(struct spare_list *list, uint32_t limit)
{
    if (likely(list->slots != NULL))
        return true;
    list->slots = own_alloc(limit * sizeof(*list->slots));
    return list->slots != NULL;
}

/* Moves `count` spares from the end of one list to another with room for them. */
static void shift_spares(struct spare_list *from, struct spare_list *to, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to->slots[to->count++] = from->slots[--from->count];
}

/* From a thread's list to the pool's, as many of `count` as it may take. Under the lock. */
static void give_to_pool(struct spare_list *own, unsigned bucket, size_t count)
{
    struct spare_list *shared = &pool.lists[bucket];
    size_t pages = bucket_pages(bucket), most = pool_limit(bucket);
    size_t room = pool.spare_pages < pool.most_pages
                      ? (size_t)(pool.most_pages - pool.spare_pages) / pages
                      : 0;
    if (!list_ready(shared, (uint32_t)most))
        return;
    count = min_size(count, min_size(room, most - shared->count));
    shift_spares(own, shared, count);
    pool.spare_pages += (int64_t)(count * pages);
    GUARD_ASSERT(shared->count <= most && pool.spare_pages <= pool.most_pages);
}

static bool guarded_refill(struct heap_local *local, unsigned bucket)
{
    struct spare_list *shared = &pool.lists[bucket], *own = &local->spares[bucket];
    uint32_t limit = spare_limit(bucket);
    if (!__atomic_load_n(&shared->count, __ATOMIC_RELAXED) || !list_ready(own, limit))
        return false;
    uint64_t mask = lock_enter(LOCK_HEAP_CHUNK);
    size_t count = min_size(shared->count, max_size(limit / 2, 1));
    shift_spares(shared, own, count);
    pool.spare_pages -= (int64_t)(count * bucket_pages(bucket));
    GUARD_ASSERT(own->count <= limit && pool.spare_pages >= 0);
    lock_leave(LOCK_HEAP_CHUNK, mask);
    return own->count != 0;
}

static void revoke_range(struct chunk *chunk, uintptr_t start, uintptr_t end)
{
    if (unlikely(chunk->backend->revoke((void *)start, end - start)))
        notice_once(MMT_NOTE_DEGRADED,
                    "the kernel refused to revoke a freed block; its memory stays accessible "
                    "(vm.max_map_count, ulimit -v)");
}

static void revoke_plainly(struct chunk *chunk, uintptr_t start, uintptr_t end)
{
    revoke_range(chunk, start, end);
    count_pages((end - start) >> PAGE_SHIFT, -1);
}

/* Gives the first `count` spares back to the kernel. Those that became spares one after the other
 * mostly lie one behind the other: they go in one call, with the guard pages between them. */
static void drop_spares(struct spare_list *list, unsigned bucket, size_t count)
{
    size_t pages = bucket_pages(bucket);
    for (size_t first = 0, end; first < count; first = end) {
        struct chunk *chunk = arena_chunk(list->slots[first]);
        size_t slot = chunk->slot_size;
        for (end = first + 1; end < count && list->slots[end] == list->slots[end - 1] + slot &&
                              list->slots[end] - chunk->base < chunk->length;)
            end++;
        revoke_range(chunk, list->slots[first] + slot - pages * PAGE_SIZE,
                     list->slots[end - 1] + slot);
        for (size_t i = first; i < end; i++) {
            count_pages(pages, -1);
            arena_release_slot(chunk);
        }
    }
    list->count -= (uint32_t)count;
    for (size_t i = 0; i < list->count; i++)
        list->slots[i] = list->slots[i + count];
}

/* Makes room for one more spare, by handing half of the thread's to the pool. If that is full as
 * well, they are given back; of more than a page or two, which cost more to move than to give back
 * each by itself, none is: false. */
static bool guarded_make_room(struct heap_local *local, unsigned bucket)
{
    struct spare_list *own = &local->spares[bucket];
    uint32_t limit = spare_limit(bucket);
    if (!list_ready(own, limit))
        return false;
    if (likely(own->count < limit))
        return true;
    if (__atomic_load_n(&pool.spare_pages, __ATOMIC_RELAXED) >= pool.most_pages ||
        __atomic_load_n(&pool.lists[bucket].count, __ATOMIC_RELAXED) >= pool_limit(bucket)) {
        if (bucket_pages(bucket) > DROPPED_PAGES)
            return false;
        drop_spares(own, bucket, limit / 2);
        return true;
    }
    uint64_t mask = lock_enter(LOCK_HEAP_CHUNK);
    give_to_pool(own, bucket, max_size(limit / 2, 1));
    lock_leave(LOCK_HEAP_CHUNK, mask);
    return own->count < limit;
}

HOT struct block *guarded_take_bare(struct heap_local *local, unsigned class, struct chunk **from,
                                    uintptr_t *slot_end)
{
    for (;;) {
        struct chunk *chunk = local->current[class];
        if (likely(chunk != NULL)) {
            uint32_t slot = local_take_slot(local, chunk);
            if (likely(slot < chunk->slots)) {
                *from = chunk;
                *slot_end = chunk_slot_start(chunk, slot + 1);
                return &chunk->blocks[slot];
            }
        }
        chunk = arena_take_chunk(ARENA_SLOTS + class, (uint32_t)(PAGE_SIZE << (class + 1)),
                                 &local->segments[class]);
        if (!chunk)
            return NULL;
        local->current[class] = chunk;
    }
}

/* An error before this block, or after the one in the slot before, may have opened the guard pages
 * between: they are to find the next one. */
static void close_guard(struct chunk *chunk, uintptr_t slot_end, size_t length)
{
    if (unlikely(atomic_load_explicit(&chunk->opened, memory_order_relaxed)))
        chunk->backend->revoke((void *)(slot_end - chunk->slot_size), chunk->slot_size - length);
}

HOT struct block *guarded_take(struct heap_local *local, unsigned bucket, struct chunk **chunk,
                               uintptr_t *slot_end, bool *dirty)
{
    size_t pages = bucket_pages(bucket);
    struct spare_list *spares = &local->spares[bucket];
    if (likely(local_enter(local))) {
        uintptr_t slot = 0;
        if (likely(spares->count) || guarded_refill(local, bucket))
            slot = spares->slots[--spares->count];
        local_leave(local);
        if (likely(slot != 0)) {
            *chunk = arena_chunk(slot);
            GUARD_ASSERT(bucket_class(pages) == (*chunk)->arena - (unsigned)ARENA_SLOTS);
            *slot_end = slot + (*chunk)->slot_size;
            *dirty = true;
            close_guard(*chunk, *slot_end, pages * PAGE_SIZE);
            return chunk_block(*chunk, slot);
        }
    }
    struct block *block = guarded_take_bare(local, bucket_class(pages), chunk, slot_end);
    if (!block)
        return NULL;
    size_t length = pages * PAGE_SIZE;
    close_guard(*chunk, *slot_end, 0);
    if (unlikely((*chunk)->backend->commit((void *)(*slot_end - length), length))) {
        arena_release_slot(*chunk);
        return NULL;
    }
    count_pages(pages, 1);
    *dirty = false;
    return block;
}

/* The pages of a freed block to a fresh slot. False if they were not revoked. */
static bool move_to_spare(struct heap_local *local, const struct block *block, uintptr_t start,
                          uintptr_t end, struct slack_found *found)
{
    unsigned bucket = bucket_of(block->span_pages);
    if (!guarded_make_room(local, bucket))
        return false;
    struct chunk *fresh;
    uintptr_t fresh_end;
    size_t length = end - start;
    if (unlikely(!guarded_take_bare(local, bucket_class(length >> PAGE_SHIFT), &fresh, &fresh_end)))
        return false;
    int error = page_move_pages(start, fresh_end - length, length);
    if (unlikely(error)) {
        /* What cannot be read must not be tried: the program may have blocked the signal. */
        if (found && error != PAGE_MOVE_TORN)
            slack_check(block, start, end, 0, found);
        page_move_give_up(start, fresh_end - length, length);
        count_pages(length >> PAGE_SHIFT, -1);
        arena_release_slot(fresh);
        return true;
    }
    if (likely(found != NULL))
        slack_check(block, start, end, fresh_end - end, found);
    struct spare_list *spares = &local->spares[bucket];
    spares->slots[spares->count++] = fresh_end - fresh->slot_size;
    GUARD_ASSERT(spares->count <= spare_limit(bucket));
    return true;
}

HOT void guarded_revoke(struct heap_local *local, struct chunk *chunk, const struct block *block,
                        uintptr_t start, uintptr_t end, struct slack_found *found)
{
    bool done = false;
    if (likely(chunk->backend->moves && block->span_pages && local_enter(local))) {
        done = move_to_spare(local, block, start, end, found);
        local_leave(local);
    }
    if (unlikely(!done)) {
        if (found)
            slack_check(block, start, end, 0, found);
        revoke_plainly(chunk, start, end);
    }
    arena_release_slot(chunk);
}

void guarded_revoked(struct chunk *chunk, uintptr_t start, uintptr_t end)
{
    count_pages((end - start) >> PAGE_SHIFT, -1);
    arena_release_slot(chunk);
}

/* All spares go to the pool; what has no room there goes back to the kernel. */
static void give_spares(struct heap_local *local, unsigned bucket)
{
    struct spare_list *own = &local->spares[bucket];
    if (!own->count)
        return;
    uint64_t mask = lock_enter(LOCK_HEAP_CHUNK);
    give_to_pool(own, bucket, own->count);
    lock_leave(LOCK_HEAP_CHUNK, mask);
    drop_spares(own, bucket, own->count);
}

void guarded_thread_end(struct heap_local *local)
{
    for (unsigned bucket = 0; bucket < BUCKETS; bucket++)
        give_spares(local, bucket);
    for (unsigned class = 0; class < SLOT_CLASSES; class ++) {
        struct chunk *chunk = local->current[class];
        local->current[class] = NULL;
        if (chunk)
            arena_give_chunk(chunk);
        arena_give_segment(ARENA_SLOTS + class, &local->segments[class]);
    }
}

void guarded_stock_up(struct heap_local *local)
{
    for (unsigned class = 0; class < SLOT_CLASSES; class ++) {
        struct segment *segment = &local->segments[class];
        if (segment->next == segment->end)
            arena_new_segment(ARENA_SLOTS + class, segment);
    }
}
