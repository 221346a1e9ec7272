/* SPDX-License-Identifier: MIT */
#include "heap/arena.h"

#include <errno.h>

#include "base/lock.h"
#include "base/own_memory.h"

/* Address space of one arena: 2 TiB is 268 million slots of the smallest class. Halved until the reservation succeeds; with less than
 * the minimum the heap would not last. */
#define ARENA_SHIFT_MAX 41
#define ARENA_SHIFT_MIN 30
#define ARENAS (ARENA_SETS * ARENA_CLASSES)

struct arena {
    struct chunk *_Atomic *chunks; /* by index of the 2 MiB */
    _Atomic uint64_t next;         /* chunks handed out; may run past the arena's end */
    struct chunk *pool;
};

static struct {
    uintptr_t base;
    size_t size;
    unsigned shift;
    const struct page_backend *guarded;
    struct arena arenas[ARENAS];
} heap_space;

static uint64_t chunks_per_arena(void)
{
    return (uint64_t)1 << (heap_space.shift - CHUNK_SHIFT);
}

static struct arena *arena_of(enum arena_set set, unsigned class)
{
    return &heap_space.arenas[set * ARENA_CLASSES + class];
}

int arena_init(const struct page_backend *guarded)
{
    for (unsigned shift = ARENA_SHIFT_MAX; shift >= ARENA_SHIFT_MIN; shift--) {
        size_t size = (size_t)ARENAS << shift;
        void *base = page_reserve(size, CHUNK_SIZE);
        if (!base)
            continue;
        size_t entries = (size_t)1 << (shift - CHUNK_SHIFT);
        struct chunk *_Atomic *tables = own_map(ARENAS * entries * sizeof(*tables));
        if (!tables)
            return -ENOMEM;
        for (unsigned i = 0; i < ARENAS; i++)
            heap_space.arenas[i].chunks = tables + i * entries;
        heap_space.shift = shift;
        heap_space.guarded = guarded;
        heap_space.size = size;
        heap_space.base = (uintptr_t)base;
        return 0;
    }
    return -ENOMEM;
}

bool arena_owns(uintptr_t address)
{
    return address - heap_space.base < heap_space.size;
}

struct chunk *arena_chunk(uintptr_t address)
{
    uintptr_t offset = address - heap_space.base;
    if (offset >= heap_space.size)
        return NULL;
    /* The tables of the arenas follow each other like the arenas. */
    return atomic_load_explicit(&heap_space.arenas[0].chunks[offset >> CHUNK_SHIFT], memory_order_acquire);
}

/* A run of `count` chunks of address space; 0 if the arena is used up. */
static uintptr_t take_run(enum arena_set set, unsigned class, uint64_t count, uint64_t *index)
{
    struct arena *arena = arena_of(set, class);
    if (count > chunks_per_arena())
        return 0;
    *index = atomic_fetch_add_explicit(&arena->next, count, memory_order_relaxed);
    if (*index + count > chunks_per_arena()) {
        atomic_fetch_sub_explicit(&arena->next, count, memory_order_relaxed);
        return 0;
    }
    size_t number = set * ARENA_CLASSES + class;
    return heap_space.base + (number << heap_space.shift) + (*index << CHUNK_SHIFT);
}

static struct chunk *new_chunk(enum arena_set set, unsigned class)
{
    uint32_t slots = (uint32_t)(CHUNK_SIZE / arena_slot_size(class));
    struct chunk *chunk = own_alloc(sizeof(*chunk) + slots * sizeof(struct block));
    uint64_t index;
    uintptr_t base = chunk ? take_run(set, class, 1, &index) : 0;
    if (!base)
        return NULL;
    chunk->backend = set == ARENA_GUARDED ? heap_space.guarded : &page_unguarded;
    chunk->base = base;
    chunk->length = CHUNK_SIZE;
    chunk->set = (uint8_t)set;
    chunk->class = (uint8_t)class;
    chunk->slots = slots;
    atomic_store_explicit(&chunk->held, slots, memory_order_relaxed);
    if (chunk->backend->prepare((void *)base, CHUNK_SIZE))
        return NULL;
    atomic_store_explicit(&arena_of(set, class)->chunks[index], chunk, memory_order_release);
    return chunk;
}

struct chunk *arena_take_chunk(enum arena_set set, unsigned class)
{
    struct arena *arena = arena_of(set, class);
    uint64_t mask = lock_enter(LOCK_HEAP_CHUNK);
    struct chunk *chunk = arena->pool;
    if (chunk)
        arena->pool = chunk->next;
    lock_leave(LOCK_HEAP_CHUNK, mask);
    return chunk ? chunk : new_chunk(set, class);
}

void arena_give_chunk(struct chunk *chunk)
{
    if (atomic_load_explicit(&chunk->taken, memory_order_relaxed) >= chunk->slots)
        return;
    struct arena *arena = arena_of(chunk->set, chunk->class);
    uint64_t mask = lock_enter(LOCK_HEAP_CHUNK);
    chunk->next = arena->pool;
    arena->pool = chunk;
    lock_leave(LOCK_HEAP_CHUNK, mask);
}

struct chunk *arena_take_huge(enum arena_set set, size_t length, size_t alignment)
{
    /* One chunk more for the guard behind the block, and room to move its end down to a multiple of a large alignment. */
    size_t room = align_up(length, CHUNK_SIZE) + (alignment > CHUNK_SIZE ? alignment : 0) + CHUNK_SIZE;
    if (room < length)
        return NULL;
    struct chunk *chunk = own_alloc(sizeof(*chunk) + sizeof(struct block));
    uint64_t count = room >> CHUNK_SHIFT, index;
    uintptr_t base = chunk ? take_run(set, ARENA_HUGE, count, &index) : 0;
    if (!base)
        return NULL;
    /* Ranges of this size are worth a mapping each; markers for each of their pages are not. */
    chunk->backend = set == ARENA_GUARDED ? &page_mprotect : &page_unguarded;
    chunk->base = base;
    chunk->length = room;
    chunk->set = (uint8_t)set;
    chunk->class = ARENA_HUGE;
    chunk->slots = 1;
    atomic_store_explicit(&chunk->taken, 1, memory_order_relaxed);
    atomic_store_explicit(&chunk->held, 1, memory_order_relaxed);
    if (chunk->backend->prepare((void *)base, room))
        return NULL;
    struct arena *arena = arena_of(set, ARENA_HUGE);
    for (uint64_t i = 0; i < count; i++)
        atomic_store_explicit(&arena->chunks[index + i], chunk, memory_order_release);
    return chunk;
}

void arena_release_slot(struct chunk *chunk)
{
    if (atomic_fetch_sub_explicit(&chunk->held, 1, memory_order_acq_rel) != 1)
        return;
    atomic_store_explicit(&chunk->retired, true, memory_order_relaxed);
    page_retire((void *)chunk->base, chunk->length);
}

bool arena_each_chunk(bool (*visit)(struct chunk *chunk, void *argument), void *argument)
{
    for (unsigned i = 0; i < ARENAS; i++) {
        struct arena *arena = &heap_space.arenas[i];
        uint64_t used = atomic_load_explicit(&arena->next, memory_order_acquire);
        if (used > chunks_per_arena())
            used = chunks_per_arena();
        struct chunk *last = NULL;
        for (uint64_t index = 0; index < used; index++) {
            struct chunk *chunk = atomic_load_explicit(&arena->chunks[index], memory_order_acquire);
            if (!chunk || chunk == last)
                continue;
            last = chunk;
            if (!visit(chunk, argument))
                return false;
        }
    }
    return true;
}
