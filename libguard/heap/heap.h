/* SPDX-License-Identifier: MIT
 *
 * The heap behind malloc and free. It knows nothing of reports: it returns verdicts.
 *
 * Unless said otherwise the functions are signal-safe, may be called by any thread, and leave errno
 * alone.
 */
#ifndef HEAP_HEAP_H
#define HEAP_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heap/arena.h"
#include "heap/block.h"
#include "heap/slack.h"

/* As the option's words. */
enum heap_placement {
    HEAP_PLACEMENT_END, /* a block ends at the end of a page */
    HEAP_PLACEMENT_START, /* a block starts at the start of a page */
    HEAP_PLACEMENT_ALTERNATE, /* one or the other, by call site */
};

struct heap_options {
    int backend; /* index of the option's words: 0 auto, 1 move, 2 guard, 3 mprotect */
    size_t alignment; /* of every block, power of two, 1..4096 */
    enum heap_placement placement;
    size_t history; /* frees that are remembered, of guarded blocks */
    int64_t guard, revoke, budget; /* as in policy.h */
};

/* Once, before any other call. 0, or -errno if no address space can be had or the backend that was
 * asked for does not work. */
int heap_init(const struct heap_options *options);

/* Name of the backend in use. */
const char *heap_backend(void);

struct heap_request {
    size_t size;
    size_t alignment; /* 0: the default */
    uint32_t stack, thread;
    uint8_t function; /* enum mmt_function */
    bool zero; /* the block must be zero */
};

/* A block, or NULL if there is no memory or the size is beyond the address space. Size 0 gives a
 * block of 0 bytes with an address of its own. */
void *heap_alloc(const struct heap_request *request);

enum heap_verdict {
    HEAP_FREED,
    HEAP_NOT_OURS, /* the address is not in the heap's address space */
    HEAP_NO_BLOCK, /* in the heap's address space, at no block and in none */
    HEAP_NOT_START, /* inside or beside `block`, not at its start */
    HEAP_WAS_FREED, /* `block` had been freed before */
    HEAP_FORGOTTEN, /* a block that was freed longer ago than the history kept */
};

struct heap_release {
    uintptr_t address;
    uint32_t stack, thread;
    uint8_t function; /* enum mmt_function; REALLOC for the freeing half of a realloc */
    bool keep; /* the block's memory stays as it is until heap_give_up() */
    bool has_size, has_alignment; /* a sized or aligned deallocation function */
    uint64_t size, alignment; /* what it was given */
};

/* Outcome of heap_free(). */
struct heap_outcome {
    enum heap_verdict verdict;
    bool has_block; /* there is one at the address or beside it */
    /* FREED: a write past the block had been reported before, so that the damage is no news. */
    bool explained;
    /* has_block: a copy of the block. FREED: as it was while live. */
    struct block as_was;
    struct slack_found damage; /* FREED: of the slack; at 0 if there is none */
    /* A block freed earlier that was written to since, found now that its memory is used again or
     * revoked: first overwritten byte. NULL if none was found. */
    struct block *late;
    uintptr_t late_damaged;
};

/* Asks the processor for the record of the block at `address`, if there is one: with many live
 * blocks it is not in the cache, and can come while the stack is captured. */
void heap_foresee(uintptr_t address);

/* Every field of *outcome is set but those that have no meaning. */
void heap_free(const struct heap_release *release, struct heap_outcome *outcome);

/* What heap_free() left of the block at `start`, which was to be kept. Sets `late` and
 * `late_damaged` of *outcome. Once. */
void heap_give_up(uintptr_t start, struct heap_outcome *outcome);

/* The live block that starts at `address`; NULL if there is none. */
struct block *heap_block_at(uintptr_t address);

/* Whether `address` lies in the heap's reservations (blocks, guards, retired and unused address
 * space). */
static inline bool heap_owns(uintptr_t address)
{
    return arena_owns(address);
}

/* What is around an address: for diagnosis. Copies, taken without a lock; a block that changes
 * meanwhile shows either state. */
struct heap_view {
    bool owned; /* heap_owns(address) */
    bool forgotten; /* there were blocks here, freed longer ago than the history kept */
    /* A block, live or freed, that contains `address` or is the nearest that starts at or below
     * it. */
    bool has_before;
    bool has_after; /* the nearest block that starts above it, if it lies in the next slot */
    struct block before, after;
    struct block *before_record, *after_record;
};
void heap_look(uintptr_t address, struct heap_view *view);

/* What a pointer that no block starts at was aimed at: the block of the view that contains
 * `address`, or whose end or start is nearer. NULL if there is none. */
const struct block *heap_view_nearest(const struct heap_view *view, uintptr_t address);

/* Makes the page at `address`, a guard or a freed page, accessible, so that a faulting instruction
 * can go on, which writes or only reads. It reads as zero. false if that cannot be done. */
bool heap_open_page(uintptr_t address, bool write);

/* If `address` lies in a live block whose page the program gave back to the kernel (madvise),
 * populates it with zeros. */
bool heap_heal(uintptr_t address);

/* ---- for the leak check */

/* The record of the block, live or not, that `address` can only belong to; NULL if there is none.
 * The record itself is not read: it can be prefetched, and looked at later. */
struct block *heap_record(uintptr_t address);

/* The live block that contains `address` (its start, for an empty block), or NULL. Cheap for
 * addresses outside the heap. */
struct block *heap_find_live(uintptr_t address);

/* Calls `visit` for each live block, in address order within an arena; stops when it returns false.
 * With the world stopped the set is exact; otherwise blocks allocated or freed meanwhile may be
 * missing. */
void heap_each_live(bool (*visit)(struct block *block, void *argument), void *argument);

/* The overwritten byte nearest to a block, or in a freed one that is still accessible; 0 if there
 * is none, or it was reported. */
uintptr_t heap_damage(const struct block *block);

/* Checks the slack of every live block, and every freed one that is still accessible; `visit` is
 * called for each that has an overwritten byte, `damaged`, and was not reported before. A block
 * that another thread frees meanwhile counts as sound. */
typedef void (*heap_damage_visit)(struct block *block, uintptr_t damaged, void *argument);
void heap_sweep(heap_damage_visit visit, void *argument);

/* The process is going to be limited to `limit` bytes of address space: gives back what is reserved
 * and was never used, but for a share of the limit. */
void heap_give_up_space(size_t limit);

/* Writable address space is going to be limited (RLIMIT_DATA): has the calling thread take some
 * now, and that of freed blocks ceases to be writable. */
void heap_limit_writable(void);

/* The process is about to lose most system calls: takes the memory that can be had now and uses no
 * more of them. New blocks are compact, freed ones stay accessible. */
void heap_enter_sandbox(void);
bool heap_in_sandbox(void);

struct heap_counters {
    uint64_t allocations, frees, bytes_allocated, blocks_live, bytes_live, blocks_unguarded;
};
/* Walks all live blocks. */
void heap_count(struct heap_counters *counters);

/* ---- threads and processes */

/* The calling thread ends: what it keeps for itself goes to others. */
void heap_thread_end(void);

/* In a forked child, by its only thread, before anything else of the heap. */
void heap_after_fork(void);

#endif
