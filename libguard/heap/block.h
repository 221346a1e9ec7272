/* SPDX-License-Identifier: MIT
 *
 * Glossary of the heap:
 *
 *   block       one allocation: the bytes the program asked for
 *   slot        the address space of a block: guard pages, then the pages of the block, which ends
 *               where the slot ends (placement "end")
 *   span        pages that belong together: a slot's block pages, or a large block's
 *   guard       inaccessible pages before and after the pages of a block
 *   slack       accessible bytes of the block's pages outside the block; they carry a pattern
 *   revoke      make pages inaccessible and give their memory back
 *   quarantine  freed blocks that stay unusable: for ever in the guarded heap, for a while in the
 *               compact heap
 *   spare       a slot whose pages are accessible and wait for a block
 *   run         address space of a block too big for a slot
 *   poison      what freed memory is filled with while it is still accessible
 *   retired     address space that held a block once and is never used again
 */
#ifndef HEAP_BLOCK_H
#define HEAP_BLOCK_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum block_state {
    BLOCK_NONE, /* the slot was never used */
    BLOCK_LIVE,
    BLOCK_FREED,
};

enum block_flags {
    /* An access error in the block's present state was reported; pages around it may be open. */
    BLOCK_REPORTED = 1,
    /* It lives in memory without guard pages. */
    BLOCK_UNGUARDED = 2,
    /* Freed, and poisoned until its pages are revoked or its slot is used again. */
    BLOCK_WAITING = 4,
    /* What was reported was a write, which explains damage around the block. */
    BLOCK_WRITTEN = 8,
    /* A stream of libc has its buffer in it. */
    BLOCK_BUFFER = 16,
    /* The program said that it is no leak. */
    BLOCK_IGNORED = 64,
};

struct block {
    uintptr_t start;
    size_t size; /* as asked for */
    uint32_t alloc_stack, alloc_thread;
    union {
        struct {
            uint32_t free_stack, free_thread; /* when freed */
        };
        uint64_t leak_leader; /* while live and a leak check runs; the leak check leaves it 0 */
    };
    /* An enum block_state; live -> freed happens once, by compare and exchange. */
    _Atomic uint8_t state;
    uint8_t alloc_function, free_function; /* enum mmt_function */
    uint8_t align_log2; /* of the alignment asked for; of the default if none was */
    uint8_t flags;
    uint8_t leak_mark; /* the leak check's own; left 0 */
    /* Pages of the slot's end that belong to the block; 0: only those the block itself touches. */
    uint16_t span_pages;
};

static inline enum block_state block_state_of(const struct block *block)
{
    return atomic_load_explicit(&block->state, memory_order_acquire);
}

_Static_assert(sizeof(struct block) == 40, "a record a block: its size is most of our memory");

#endif
