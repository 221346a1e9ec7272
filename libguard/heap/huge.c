/* SPDX-License-Identifier: MIT */
#include "heap/huge.h"

#include <sys/mman.h>

#include "base/data_limit.h"
#include "base/lock.h"
#include "base/notice.h"
#include "base/sys.h"
#include "mmtrace.h"

/* Spare pages kept: so many ranges, so many bytes. */
#define SPARES      32
#define SPARE_BYTES ((size_t)256 << 20)

/* Blocks from this size on ask for huge pages: touching one costs a hundredth of the faults, and
 * what a program that touches few of its pages wastes is bounded by the size it asked for. */
#define HUGE_PAGES_FROM ((size_t)32 << 20)

/* A live block is a mapping of its own up to so many; more are guarded by markers inside one
 * mapping, where the kernel has them. */
#define MOST_MAPPINGS 20000

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

struct huge_spare {
    struct chunk *chunk; /* NULL: free entry */
    uintptr_t start, end;
};

static struct {
    struct huge_spare spares[SPARES];
    size_t spare_bytes;
    _Atomic int64_t mappings;
} huge;

/* Whether the kernel has markers; asked when the first block needs them, which in most programs
 * none does. */
static bool markers_work(void)
{
    static _Atomic int known; /* 0: not asked yet, 1: they work, -1: they do not */
    int answer = atomic_load_explicit(&known, memory_order_relaxed);
    if (!answer) {
        answer = page_guard.probe() == 0 ? 1 : -1;
        atomic_store_explicit(&known, answer, memory_order_relaxed);
    }
    return answer > 0;
}

/* Where the pages of a block end in a fresh run: the block starts at a multiple of its alignment.
 */
static uintptr_t pages_end(const struct chunk *chunk, size_t length, size_t alignment)
{
    return align_down(chunk->base + chunk->length - CHUNK_SIZE - length, alignment) + length;
}

/* The spare that fits best, not more than a quarter too long. */
static struct block *take_spare(size_t length, struct chunk **chunk)
{
    struct huge_spare *best = NULL, taken = {0};
    uint64_t mask = lock_enter(LOCK_HEAP_LARGE);
    for (int i = 0; i < SPARES; i++) {
        struct huge_spare *spare = &huge.spares[i];
        size_t bytes = spare->end - spare->start;
        if (spare->chunk && bytes >= length && bytes <= length + length / 4 &&
            (!best || bytes < best->end - best->start))
            best = spare;
    }
    if (best) {
        taken = *best;
        best->chunk = NULL;
        huge.spare_bytes -= taken.end - taken.start;
    }
    lock_leave(LOCK_HEAP_LARGE, mask);
    if (!taken.chunk)
        return NULL;
    *chunk = taken.chunk;
    return &taken.chunk->blocks[0];
}

static struct block *huge_take_fresh(enum arena_id arena, const struct page_backend *backend,
                                     size_t length, size_t alignment, struct chunk **chunk)
{
    *chunk = arena_take_run(arena, length, alignment, backend);
    if (!*chunk)
        return NULL;
    (*chunk)->run_end = pages_end(*chunk, length, max_size(alignment, PAGE_SIZE));
    (*chunk)->run_start = (*chunk)->run_end - length;
    if ((*chunk)->backend->commit((void *)(*chunk)->run_start, length)) {
        arena_release_slot(*chunk);
        return NULL;
    }
    if (length >= HUGE_PAGES_FROM)
        sys_advise((void *)(*chunk)->run_start, length, MADV_HUGEPAGE);
    return &(*chunk)->blocks[0];
}

struct block *huge_take(size_t size, size_t alignment, struct chunk **chunk, bool *dirty)
{
    size_t length = align_up(size, PAGE_SIZE);
    struct block *block = alignment <= PAGE_SIZE ? take_spare(length, chunk) : NULL;
    *dirty = block != NULL;
    if (block)
        return block;
    bool many = atomic_load_explicit(&huge.mappings, memory_order_relaxed) >= MOST_MAPPINGS;
    const struct page_backend *backend = many && markers_work() ? &page_guard : &page_mprotect;
    block = huge_take_fresh(ARENA_HUGE, backend, length, alignment, chunk);
    if (block && backend == &page_mprotect)
        atomic_fetch_add_explicit(&huge.mappings, 1, memory_order_relaxed);
    return block;
}

struct block *huge_take_loose(size_t size, size_t alignment, struct chunk **chunk)
{
    return huge_take_fresh(ARENA_LOOSE, &page_unguarded, align_up(size, PAGE_SIZE), alignment,
                           chunk);
}

static bool keep_spare(struct chunk *chunk)
{
    struct huge_spare *place = NULL;
    uint64_t mask = lock_enter(LOCK_HEAP_LARGE);
    for (int i = 0; i < SPARES && !place; i++)
        if (!huge.spares[i].chunk)
            place = &huge.spares[i];
    if (place) {
        *place = (struct huge_spare){chunk, chunk->run_start, chunk->run_end};
        huge.spare_bytes += chunk->run_end - chunk->run_start;
    }
    lock_leave(LOCK_HEAP_LARGE, mask);
    return place != NULL;
}

/* Moves the pages to a fresh run, as a spare. The old range stays accessible, and is empty. */
static void make_spare(const struct chunk *chunk, uintptr_t start, uintptr_t end)
{
    size_t length = end - start;
    if (data_uncounted_flag() || chunk->backend != &page_mprotect || length > SPARE_BYTES / 2 ||
        __atomic_load_n(&huge.spare_bytes, __ATOMIC_RELAXED) + length > SPARE_BYTES)
        return;
    struct chunk *fresh = arena_take_run(ARENA_HUGE, length, PAGE_SIZE, &page_mprotect);
    if (!fresh)
        return;
    fresh->run_end = pages_end(fresh, length, PAGE_SIZE);
    fresh->run_start = fresh->run_end - length;
    long result =
        sys_call6(SYS_mremap, (long)start, (long)length, (long)length,
                  MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, (long)fresh->run_start, 0);
    if (!sys_failed(result) && keep_spare(fresh)) {
        page_mprotect_count(1);
        atomic_fetch_add_explicit(&huge.mappings, 1, memory_order_relaxed);
        return;
    }
    arena_release_slot(fresh); /* retiring the run drops what was moved there */
}

void huge_revoke(struct chunk *chunk)
{
    make_spare(chunk, chunk->run_start, chunk->run_end);
    if (chunk->backend->revoke((void *)chunk->run_start, chunk->run_end - chunk->run_start))
        notice_once(MMT_NOTE_DEGRADED,
                    "the kernel refused to revoke a freed block; its memory stays accessible "
                    "(vm.max_map_count, ulimit -v)");
    if (chunk->backend == &page_mprotect)
        atomic_fetch_sub_explicit(&huge.mappings, 1, memory_order_relaxed);
    arena_release_slot(chunk);
}
