/* SPDX-License-Identifier: MIT */
#include "base/own_memory.h"

#include <stdatomic.h>
#include <sys/mman.h>

#include "base/bits.h"
#include "base/data_limit.h"
#include "base/lock.h"
#include "base/sys.h"

/* A mapping that finds no place in the register is refused rather than hidden from the leak check.
 * Small pieces come from chunks that grow with what is used, so that the register lasts. */
#define MAX_MAPPINGS   4096
#define SMALLEST_CHUNK ((size_t)1 << 20)
#define LARGEST_CHUNK  ((size_t)64 << 20)

struct mapping {
    _Atomic uintptr_t start; /* 0: free entry */
    _Atomic uintptr_t end;
};

static struct {
    struct mapping mappings[MAX_MAPPINGS];
    _Atomic uint32_t count; /* entries ever used */
    char *arena_next, *arena_end;
    size_t arena_total; /* of all chunks */
} own;

static bool enter_mapping(uintptr_t start, uintptr_t end)
{
    uint32_t used = atomic_load(&own.count);
    uint32_t place = 0;
    while (place < used && atomic_load(&own.mappings[place].start))
        place++;
    if (place == MAX_MAPPINGS)
        return false;
    atomic_store(&own.mappings[place].end, end);
    atomic_store(&own.mappings[place].start, start);
    if (place == used)
        atomic_store(&own.count, used + 1);
    return true;
}

static void *map_locked(size_t length)
{
    void *memory = data_map_uncounted(length);
    if (memory && !enter_mapping((uintptr_t)memory, (uintptr_t)memory + length)) {
        data_unmap_uncounted(memory, length);
        return NULL;
    }
    return memory;
}

void *own_map(size_t length)
{
    length = align_up(length, PAGE_SIZE);
    uint64_t mask = lock_enter(LOCK_OWN_MEMORY);
    void *memory = map_locked(length);
    lock_leave(LOCK_OWN_MEMORY, mask);
    return memory;
}

void own_unmap(void *address, size_t length)
{
    uint64_t mask = lock_enter(LOCK_OWN_MEMORY);
    uint32_t used = atomic_load(&own.count);
    for (uint32_t i = 0; i < used; i++)
        if (atomic_load(&own.mappings[i].start) == (uintptr_t)address)
            atomic_store(&own.mappings[i].start, 0);
    data_unmap_uncounted(address, align_up(length, PAGE_SIZE));
    lock_leave(LOCK_OWN_MEMORY, mask);
}

void *own_map_file(int fd, size_t length)
{
    length = align_up(length, PAGE_SIZE);
    uint64_t mask = lock_enter(LOCK_OWN_MEMORY);
    long memory = sys_call6(SYS_mmap, 0, (long)length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    bool kept = !sys_failed(memory) &&
                !sys_failed(sys_advise((void *)memory, length, MADV_DONTFORK)) &&
                enter_mapping((uintptr_t)memory, (uintptr_t)memory + length);
    if (!kept && !sys_failed(memory))
        sys_unmap((void *)memory, length);
    lock_leave(LOCK_OWN_MEMORY, mask);
    return kept ? (void *)memory : NULL;
}

void own_forget(void *address)
{
    uint64_t mask = lock_enter(LOCK_OWN_MEMORY);
    uint32_t used = atomic_load(&own.count);
    for (uint32_t i = 0; i < used; i++)
        if (atomic_load(&own.mappings[i].start) == (uintptr_t)address)
            atomic_store(&own.mappings[i].start, 0);
    lock_leave(LOCK_OWN_MEMORY, mask);
}

/* What lies behind is entered before the mapping is cut, so that readers without a lock never miss
 * it. */
void own_unmap_part(void *address, size_t length)
{
    uintptr_t start = (uintptr_t)address, end = start + length;
    uint64_t mask = lock_enter(LOCK_OWN_MEMORY);
    uint32_t used = atomic_load(&own.count);
    for (uint32_t i = 0; i < used; i++) {
        uintptr_t first = atomic_load(&own.mappings[i].start),
                  last = atomic_load(&own.mappings[i].end);
        if (!first || start <= first || end > last || (end < last && !enter_mapping(end, last)))
            continue;
        atomic_store(&own.mappings[i].end, start);
        sys_unmap(address, length);
        break;
    }
    lock_leave(LOCK_OWN_MEMORY, mask);
}

static size_t next_chunk_size(void)
{
    size_t size = SMALLEST_CHUNK;
    while (size < own.arena_total / 4 && size < LARGEST_CHUNK)
        size *= 2;
    return size;
}

/* Under the lock. Falls to smaller chunks where memory is short. */
static bool new_chunk_for(size_t piece)
{
    for (size_t size = next_chunk_size(); size >= SMALLEST_CHUNK && size / 4 >= piece; size /= 2) {
        char *chunk = map_locked(size);
        if (!chunk)
            continue;
        own.arena_next = chunk;
        own.arena_end = chunk + size;
        own.arena_total += size;
        return true;
    }
    return false;
}

void own_stock_up(void)
{
    size_t size = (size_t)32 << 20;
    uint64_t mask = lock_enter(LOCK_OWN_MEMORY);
    char *chunk = map_locked(size);
    if (chunk) {
        own.arena_next = chunk;
        own.arena_end = chunk + size;
        own.arena_total += size;
    }
    lock_leave(LOCK_OWN_MEMORY, mask);
}

void *own_alloc(size_t size)
{
    size = align_up(size, 16);
    void *piece = NULL;
    uint64_t mask = lock_enter(LOCK_OWN_MEMORY);
    bool fits = (size_t)(own.arena_end - own.arena_next) >= size;
    if (fits || new_chunk_for(size)) {
        piece = own.arena_next;
        own.arena_next += size;
    } else {
        piece = map_locked(align_up(size, PAGE_SIZE));
    }
    lock_leave(LOCK_OWN_MEMORY, mask);
    return piece;
}

bool own_contains(uintptr_t address)
{
    uint32_t used = atomic_load_explicit(&own.count, memory_order_acquire);
    for (uint32_t i = 0; i < used; i++) {
        uintptr_t start = atomic_load_explicit(&own.mappings[i].start, memory_order_relaxed);
        if (start && address >= start &&
            address < atomic_load_explicit(&own.mappings[i].end, memory_order_relaxed))
            return true;
    }
    return false;
}

void own_each(void (*visit)(uintptr_t start, uintptr_t end, void *argument), void *argument)
{
    uint32_t used = atomic_load_explicit(&own.count, memory_order_acquire);
    for (uint32_t i = 0; i < used; i++) {
        uintptr_t start = atomic_load_explicit(&own.mappings[i].start, memory_order_relaxed);
        if (start)
            visit(start, atomic_load_explicit(&own.mappings[i].end, memory_order_relaxed),
                  argument);
    }
}

static void add_resident(uintptr_t start, uintptr_t end, void *argument)
{
    enum { WINDOW = 4096 };
    unsigned char present[WINDOW];
    uint64_t *pages = argument;
    for (uintptr_t at = start; at < end; at += WINDOW * PAGE_SIZE) {
        size_t length = min_size(end - at, WINDOW * PAGE_SIZE);
        if (sys_failed(sys_call3(SYS_mincore, (long)at, (long)length, (long)present)))
            return;
        for (size_t i = 0; i < length / PAGE_SIZE; i++)
            *pages += present[i] & 1;
    }
}

uint64_t own_resident(void)
{
    uint64_t pages = 0;
    own_each(add_resident, &pages);
    return pages * PAGE_SIZE;
}
