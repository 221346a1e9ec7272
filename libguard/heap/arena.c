/* SPDX-License-Identifier: MIT */
#include "heap/arena.h"

#include <cpuid.h>
#include <errno.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "base/debug.h"
#include "base/lock.h"
#include "base/notice.h"
#include "base/own_memory.h"
#include "base/sys.h"
#include "mmtrace.h"

/* The unit that shares of the reservation are counted in, halved until the reservation succeeds. 37
 * of the largest fit where page_reserve() would have them. A share of 16 units is 3 billion slots
 * of the smallest class. */
#define UNIT_MAX ((size_t)13 << 37)
#define UNIT_MIN ((size_t)13 << 28)
static const uint8_t shares[ARENAS] = {16, 2, 2, 2, 1, 1, 1, 1, 1, 8, 1, 1};
/* Where address space is limited (ulimit -v), little can be guarded, and most blocks live in the
 * compact heap. In 64ths of what is reserved, which is five eighths of the limit. */
static const uint8_t tight_shares[ARENAS] = {4, 1, 1, 1, 1, 1, 1, 1, 1, 4, 12, 36};
#define TIGHT_TOTAL 64
/* Under qemu-user the host pays 6 MB for each gigabyte that is reserved. */
#define EMULATED_SPACE ((size_t)32 << 30)

struct arena {
    uintptr_t base;
    uint64_t chunks; /* it has address space for so many */
    _Atomic uint64_t next; /* handed out; may run past `chunks` */
    struct chunk *pool,
        *pool_end; /* chunks with slots left; of runs, those that were freed, oldest first */
    struct chunk
        *unused_records; /* dropped from the history; all of a size, for arenas of slots and runs */
    struct segment kept; /* of a thread that ended */
};

static struct {
    const struct page_backend *backend;
    size_t history_limit, history_slots;
    bool writable_scarce;
    _Atomic uint16_t *done; /* by gigabyte of address space: chunks that will not be used again */
    struct chunk *oldest, *newest;
    struct arena arenas[ARENAS];
} space;

struct arena_map arena_map;
struct chunk arena_forgotten;

static size_t address_space_limit(void)
{
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    sys_call4(SYS_prlimit64, 0, RLIMIT_AS, 0, (long)&limit);
    return limit.rlim_cur;
}

/* Whether system calls are translated by qemu-user. The processor names itself as it does under
 * qemu as a whole machine, whose kernel has userfaultfd; qemu-user does not know the call. */
static bool runs_emulated(void)
{
    unsigned highest, name[3], features, unused[3];
    if (!__get_cpuid(1, &unused[0], &unused[1], &features, &unused[2]) || !(features >> 31))
        return false;
    __cpuid(0x40000000, highest, name[0], name[1], name[2]);
    return name[0] == 0x54474354 && name[1] == 0x43544743 && name[2] == 0x47435447 &&
           sys_call3(SYS_userfaultfd, -1, 0, 0) == -ENOSYS;
}

#define GIGABYTE_SHIFT 30

/* A chunk's page table is given back with it; the table above that, of a gigabyte, only when the
 * whole gigabyte is mapped afresh. */
static void count_done(uintptr_t chunk)
{
    if (!space.done)
        return;
    size_t gigabyte = (chunk >> GIGABYTE_SHIFT) - (arena_map.base >> GIGABYTE_SHIFT);
    uint32_t before = atomic_fetch_add_explicit(&space.done[gigabyte], 1, memory_order_acq_rel);
    if (before + 1 == 1u << (GIGABYTE_SHIFT - CHUNK_SHIFT))
        page_map_afresh((void *)(chunk >> GIGABYTE_SHIFT << GIGABYTE_SHIFT),
                        (size_t)1 << GIGABYTE_SHIFT);
}

static size_t arena_lay_out(const uint8_t *share, size_t unit)
{
    size_t at = 0;
    for (int i = 0; i < ARENAS; i++) {
        size_t length = align_down(share[i] * unit, CHUNK_SIZE);
        space.arenas[i].base = at; /* of the reservation; made absolute below */
        space.arenas[i].chunks = length >> CHUNK_SHIFT;
        at += length;
    }
    return at;
}

static int arena_reserve(size_t size)
{
    void *base = page_reserve(size, CHUNK_SIZE);
    if (!base)
        return -ENOMEM;
    arena_map.table = own_map((size >> CHUNK_SHIFT) * sizeof(*arena_map.table));
    if (!arena_map.table) {
        sys_unmap(base, size);
        return -ENOMEM;
    }
    size_t slots_size = space.arenas[ARENA_HUGE].base;
    if (space.backend->attach && space.backend->attach(base, slots_size)) {
        sys_unmap(base, size);
        return -ENODEV;
    }
    for (int i = 0; i < ARENAS; i++)
        space.arenas[i].base += (uintptr_t)base;
    page_count_from((void *)space.arenas[ARENA_HUGE].base,
                    (void *)space.arenas[ARENA_COMPACT].base);
    /* What is accessed far before the first block shall be ours as well. */
    atomic_store(&space.arenas[ARENA_SLOTS].next, 1);
    DEBUG_LINE(DEBUG_HEAP, "reserved", {"at", (uintptr_t)base}, {"bytes", size});
    arena_map.size = size;
    arena_map.base = (uintptr_t)base;
    space.done = own_map(((size >> GIGABYTE_SHIFT) + 2) * sizeof(*space.done));
    return 0;
}

int arena_init(const struct page_backend *backend, size_t history)
{
    space.backend = backend;
    space.history_limit = history;
    size_t limit = address_space_limit();
    if (limit < (size_t)1 << 46)
        return arena_reserve(arena_lay_out(tight_shares, limit / 8 * 5 / TIGHT_TOTAL));
    if (runs_emulated())
        return arena_reserve(arena_lay_out(tight_shares, EMULATED_SPACE / TIGHT_TOTAL));
    int result = -ENOMEM;
    for (size_t unit = UNIT_MAX; unit >= UNIT_MIN && result == -ENOMEM; unit /= 2)
        result = arena_reserve(arena_lay_out(shares, unit));
    return result;
}

/* After a shrink, address space between the arenas may be the program's. */
NOINLINE bool arena_in_some(uintptr_t address)
{
    for (int i = 0; i < ARENAS; i++)
        if (address - space.arenas[i].base < space.arenas[i].chunks << CHUNK_SHIFT)
            return true;
    return false;
}

void arena_shrink(size_t limit)
{
    /* The table keeps its size, and what was handed out stays. */
    size_t gone = (arena_map.size >> CHUNK_SHIFT) * sizeof(*arena_map.table);
    for (int i = 0; i < ARENAS; i++)
        gone += atomic_load(&space.arenas[i].next) << CHUNK_SHIFT;
    size_t unit = max_size(limit / 2 > gone ? limit / 2 - gone : 0, limit / 4) / TIGHT_TOTAL;
    if (limit >= arena_map.size * 2)
        return;
    arena_map.shrunk = true;
    for (int i = 0; i < ARENAS; i++) {
        struct arena *arena = &space.arenas[i];
        uint64_t keep = tight_shares[i] * unit >> CHUNK_SHIFT, had = arena->chunks;
        uint64_t used = atomic_load(&arena->next);
        if (used + keep >= had)
            continue;
        /* Taken before it is unmapped, so that no other thread is handed what goes. */
        __atomic_store_n(&arena->chunks, used + keep, __ATOMIC_SEQ_CST);
        uint64_t now = atomic_load(&arena->next);
        uint64_t kept = now > used + keep ? now : used + keep;
        if (kept >= had)
            continue;
        char *gone_from = (char *)arena->base + (kept << CHUNK_SHIFT);
        if (i < ARENA_HUGE && space.backend->detach)
            space.backend->detach(gone_from, (had - kept) << CHUNK_SHIFT);
        sys_unmap(gone_from, (had - kept) << CHUNK_SHIFT);
    }
}

void arena_save_writable(void)
{
    space.writable_scarce = true;
}

static void set_table(const struct chunk *chunk, struct chunk *entry)
{
    size_t first = (chunk->base - arena_map.base) >> CHUNK_SHIFT;
    for (size_t i = 0; i < chunk->length >> CHUNK_SHIFT; i++)
        atomic_store_explicit(&arena_map.table[first + i], entry, memory_order_release);
}

/* Address space for `count` chunks; 0 if the arena is used up. */
static uintptr_t take_space(struct arena *arena, uint64_t count)
{
    if (count > arena->chunks)
        return 0;
    uint64_t index = atomic_fetch_add_explicit(&arena->next, count, memory_order_relaxed);
    if (index + count > arena->chunks) {
        atomic_fetch_sub_explicit(&arena->next, count, memory_order_relaxed);
        return 0;
    }
    return arena->base + (index << CHUNK_SHIFT);
}

/* A zeroed record for `slots` blocks. */
static struct chunk *take_record(struct arena *arena, size_t slots)
{
    size_t size = sizeof(struct chunk) + slots * sizeof(struct block);
    uint64_t mask = lock_enter(LOCK_HEAP_CHUNK);
    struct chunk *record = arena->unused_records;
    if (record)
        arena->unused_records = record->next;
    lock_leave(LOCK_HEAP_CHUNK, mask);
    if (!record)
        return own_alloc(size);
    fill_bytes(record, 0, size);
    return record;
}

static void give_record(struct arena *arena, struct chunk *record)
{
    uint64_t mask = lock_enter(LOCK_HEAP_CHUNK);
    record->next = arena->unused_records;
    arena->unused_records = record;
    lock_leave(LOCK_HEAP_CHUNK, mask);
}

/* Takes and prepares address space for a segment. The last chunk of a long one stays inaccessible:
 * threads whose mappings do not touch do not wait for each other's page-table changes. */
static bool fill_segment(struct arena *arena, const struct page_backend *backend,
                         struct segment *segment)
{
    uint64_t mask = lock_enter(LOCK_HEAP_CHUNK);
    *segment = arena->kept;
    arena->kept = (struct segment){0, 0};
    lock_leave(LOCK_HEAP_CHUNK, mask);
    if (segment->next != segment->end)
        return true;
    uint64_t wanted = backend->segment >> CHUNK_SHIFT;
    if (wanted > arena->chunks / 64) /* address space is scarce */
        wanted = 1;
    for (;;) {
        uintptr_t base = take_space(arena, wanted);
        if (base) {
            size_t length = (wanted - (wanted > 2)) << CHUNK_SHIFT;
            *segment = (struct segment){base, base + length};
            if (!backend->prepare((void *)base, length)) {
                if (wanted > 2)
                    count_done(base + length);
                DEBUG_LINE(DEBUG_HEAP, "segment", {"at", base}, {"bytes", length},
                           {"arena", (uint64_t)(arena - space.arenas)});
                return true;
            }
            *segment = (struct segment){0, 0};
        }
        if (wanted == 1)
            return false;
        wanted = 1; /* ulimit -d and strict overcommit count what is prepared */
    }
}

static const struct page_backend *backend_of(enum arena_id id)
{
    return id == ARENA_COMPACT ? &page_unguarded : space.backend;
}

bool arena_new_segment(enum arena_id id, struct segment *segment)
{
    return fill_segment(&space.arenas[id], backend_of(id), segment);
}

/* The next chunk's address space; 0 if the segment is used up. A signal handler may use the segment
 * between any two steps, and may have filled it anew: only the exchange moves it on. */
static uintptr_t take_from_segment(struct segment *segment)
{
    uintptr_t next = __atomic_load_n(&segment->next, __ATOMIC_RELAXED);
    while (next && next < __atomic_load_n(&segment->end, __ATOMIC_RELAXED))
        if (__atomic_compare_exchange_n(&segment->next, &next, next + CHUNK_SIZE, false,
                                        __ATOMIC_RELAXED, __ATOMIC_RELAXED))
            return next;
    return 0;
}

/* Where a thread's segment follows its last one, the chunk between them becomes accessible to the
 * kernel too: one mapping instead of two, which moving a page from one to the other need not look
 * up both. */
static void join_segments(const struct arena *arena, const struct page_backend *backend,
                          uintptr_t used, uintptr_t fresh)
{
    if (backend->moves && used - arena->base < arena->chunks << CHUNK_SHIFT &&
        fresh == used + CHUNK_SIZE)
        backend->prepare((void *)used, CHUNK_SIZE);
}

static struct chunk *new_chunk(enum arena_id id, uint32_t slot_size, struct segment *segment)
{
    struct arena *arena = &space.arenas[id];
    const struct page_backend *backend = backend_of(id);
    uint32_t slots = (uint32_t)(CHUNK_SIZE / slot_size);
    uintptr_t base;
    while (!(base = take_from_segment(segment))) {
        struct segment fresh;
        uintptr_t used = __atomic_load_n(&segment->end, __ATOMIC_RELAXED);
        if (!fill_segment(arena, backend, &fresh))
            return NULL;
        join_segments(arena, backend, used, fresh.next);
        __atomic_store_n(&segment->end, 0, __ATOMIC_RELAXED);
        __atomic_store_n(&segment->next, fresh.next, __ATOMIC_RELAXED);
        __atomic_store_n(&segment->end, fresh.end, __ATOMIC_RELAXED);
    }
    struct chunk *chunk = take_record(arena, slots);
    if (!chunk)
        return NULL;
    chunk->backend = backend;
    chunk->base = base;
    chunk->length = CHUNK_SIZE;
    chunk->arena = (uint8_t)id;
    chunk->slots = slots;
    chunk->slot_size = slot_size;
    chunk->reciprocal = ((uint64_t)1 << 42) / slot_size + 1;
    atomic_store_explicit(&chunk->held, slots, memory_order_relaxed);
    set_table(chunk, chunk);
    return chunk;
}

struct chunk *arena_take_chunk(enum arena_id id, uint32_t slot_size, struct segment *segment)
{
    struct arena *arena = &space.arenas[id];
    struct chunk *chunk = NULL;
    if (id < ARENA_HUGE) { /* all chunks of an arena have the same slots */
        uint64_t mask = lock_enter(LOCK_HEAP_CHUNK);
        chunk = arena->pool;
        if (chunk)
            arena->pool = chunk->next;
        lock_leave(LOCK_HEAP_CHUNK, mask);
    }
    GUARD_ASSERT(!chunk || (chunk->slot_size == slot_size && chunk->taken < chunk->slots));
    return chunk ? chunk : new_chunk(id, slot_size, segment);
}

void arena_give_chunk(struct chunk *chunk)
{
    if (atomic_load_explicit(&chunk->taken, memory_order_relaxed) >= chunk->slots)
        return;
    struct arena *arena = &space.arenas[chunk->arena];
    uint64_t mask = lock_enter(LOCK_HEAP_CHUNK);
    chunk->next = arena->pool;
    arena->pool = chunk;
    lock_leave(LOCK_HEAP_CHUNK, mask);
}

void arena_give_segment(enum arena_id id, struct segment *segment)
{
    struct arena *arena = &space.arenas[id];
    uint64_t mask = lock_enter(LOCK_HEAP_CHUNK);
    if (arena->kept.end - arena->kept.next < segment->end - segment->next)
        arena->kept = *segment;
    *segment = (struct segment){0, 0};
    lock_leave(LOCK_HEAP_CHUNK, mask);
}

/* The run that was freed longest ago of those long enough for `room`: when there is no fresh
 * address space left. */
static struct chunk *reuse_run(struct arena *arena, size_t room)
{
    uint64_t mask = lock_enter(LOCK_HEAP_CHUNK);
    struct chunk **link = &arena->pool, *before = NULL;
    while (*link && (*link)->length < room) {
        before = *link;
        link = &before->next;
    }
    struct chunk *chunk = *link;
    if (chunk) {
        *link = chunk->next;
        if (arena->pool_end == chunk)
            arena->pool_end = before;
    }
    lock_leave(LOCK_HEAP_CHUNK, mask);
    return chunk;
}

static void keep_run(struct chunk *chunk)
{
    struct arena *arena = &space.arenas[chunk->arena];
    uint64_t mask = lock_enter(LOCK_HEAP_CHUNK);
    chunk->next = NULL;
    if (arena->pool)
        arena->pool_end->next = chunk;
    else
        arena->pool = chunk;
    arena->pool_end = chunk;
    lock_leave(LOCK_HEAP_CHUNK, mask);
}

struct chunk *arena_take_run(enum arena_id id, size_t length, size_t alignment,
                             const struct page_backend *backend)
{
    struct arena *arena = &space.arenas[id];
    /* One chunk more for the guard behind the block, and room to move its end down to a multiple of
     * a large alignment. */
    size_t room =
        align_up(length, CHUNK_SIZE) + (alignment > CHUNK_SIZE ? alignment : 0) + CHUNK_SIZE;
    if (room < length)
        return NULL;
    uintptr_t base = take_space(arena, room >> CHUNK_SHIFT);
    struct chunk *chunk = base ? take_record(arena, 1) : reuse_run(arena, room);
    if (!chunk)
        return NULL;
    if (!base) {
        base = chunk->base;
        room = chunk->length;
        if (id == ARENA_HUGE)
            notice_once(MMT_NOTE_DEGRADED, "address space for large blocks is used up; that of the "
                                           "oldest freed ones is used again");
    }
    if (backend->prepare((void *)base, room)) {
        give_record(arena, chunk);
        return NULL;
    }
    struct block *block = &chunk->blocks[0];
    atomic_store_explicit(&block->state, BLOCK_NONE, memory_order_relaxed);
    atomic_store_explicit(&chunk->retired, false, memory_order_relaxed);
    atomic_store_explicit(&chunk->opened, false, memory_order_relaxed);
    chunk->backend = backend;
    chunk->base = base;
    chunk->length = room;
    chunk->arena = (uint8_t)id;
    chunk->slots = 1;
    atomic_store_explicit(&chunk->taken, 1, memory_order_relaxed);
    atomic_store_explicit(&chunk->held, 1, memory_order_relaxed);
    set_table(chunk, chunk);
    return chunk;
}

/* Drops records while the history is longer than allowed. */
static void forget_oldest(void)
{
    while (space.history_slots > space.history_limit && space.oldest) {
        struct chunk *chunk = space.oldest;
        space.oldest = chunk->next;
        if (!space.oldest)
            space.newest = NULL;
        space.history_slots -= chunk->slots;
        set_table(chunk, &arena_forgotten);
        struct arena *arena = &space.arenas[chunk->arena];
        chunk->next = arena->unused_records;
        arena->unused_records = chunk;
    }
}

void arena_retire(struct chunk *chunk)
{
    GUARD_ASSERT(!chunk->retired && arena_chunk(chunk->base) == chunk);
    atomic_store_explicit(&chunk->retired, true, memory_order_relaxed);
    chunk->backend->retire((void *)chunk->base, chunk->length);
    if (unlikely(space.writable_scarce))
        sys_protect((void *)chunk->base, chunk->length, PROT_NONE);
    if (chunk_is_run(chunk)) {
        keep_run(chunk);
        return;
    }
    if (chunk->arena < ARENA_HUGE)
        count_done(chunk->base);
    uint64_t mask = lock_enter(LOCK_HEAP_CHUNK);
    chunk->next = NULL;
    if (space.newest)
        space.newest->next = chunk;
    else
        space.oldest = chunk;
    space.newest = chunk;
    space.history_slots += chunk->slots;
    forget_oldest();
    lock_leave(LOCK_HEAP_CHUNK, mask);
}

bool arena_each_chunk(bool (*visit)(struct chunk *chunk, void *argument), void *argument)
{
    for (int i = 0; i < ARENAS; i++) {
        const struct arena *arena = &space.arenas[i];
        uint64_t used = atomic_load_explicit(&arena->next, memory_order_acquire);
        if (used > arena->chunks)
            used = arena->chunks;
        size_t first = (arena->base - arena_map.base) >> CHUNK_SHIFT;
        const struct chunk *last = NULL;
        for (uint64_t index = 0; index < used; index++) {
            struct chunk *chunk =
                atomic_load_explicit(&arena_map.table[first + index], memory_order_acquire);
            if (!chunk || chunk == last || chunk == &arena_forgotten)
                continue;
            last = chunk;
            if (!visit(chunk, argument))
                return false;
        }
    }
    return true;
}
