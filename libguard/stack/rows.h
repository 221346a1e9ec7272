/* SPDX-License-Identifier: MIT
 *
 * The table of rows and the step they allow, to be inlined into the loop of a walk. For unwind.c
 * and capture.c.
 *
 * A row is found by its key: the address whose unwind information holds, which is the pc of an
 * exact frame and pc - 1 of a return address (the call, even if it is the last instruction of its
 * function). A row is one word, so it is read and written whole, and a lost update only costs
 * another look at .eh_frame:
 *
 *     bits 33..63  tag: bits 16..46 of the key, whose other bits are told by the place in the table
 *     bits 30..32  enum row_type
 *     bits 13..29  offset for the CFA in words, signed
 *     bits  0..12  where rbp is: 0 unchanged, n at CFA - 8 n; with ROW_RBP_DEREF at
 *                  rbp + 8 (n - ROW_RBP_ZERO)
 */
#ifndef STACK_ROWS_H
#define STACK_ROWS_H

#include <stdatomic.h>

#include "base/bits.h"
#include "base/probe.h"
#include "stack/unwind.h"

enum row_type {
    /* no unwind information; also what an empty word says of the lowest addresses, whose tag it has
     */
    ROW_GUESS,
    ROW_END, /* outermost; or, with an offset, of a kind that rows cannot hold */
    ROW_RSP,
    ROW_RBP,
    ROW_RSP_DEREF,
    ROW_RBP_DEREF,
    ROW_SIGNAL,
    ROW_PLT,
};

#define ROW_TABLE_BITS 16
#define ROW_KEY_BITS   47 /* addresses of user space */
#define ROW_TAG_SHIFT  33
#define ROW_RBP_MAX    0x1fff
#define ROW_RBP_ZERO   0x1000
#define ROW_RED_ZONE   128

/* Nothing that could be a return address or a stack lies below. */
#define ROW_LOWEST_ADDRESS 4096

extern _Atomic uint64_t row_table[1u << ROW_TABLE_BITS] __attribute__((visibility("hidden")));

/* Counts unwind_flush(): what was found out by rows holds as long as it stays the same. */
extern _Atomic uint32_t row_generation __attribute__((visibility("hidden")));

/* Makes the row of `key`, and keeps it in the table if it holds as long as no module is unloaded.
 */
uint64_t row_make(uintptr_t key);

/* The step for all types of rows, `row` being that of the frame. */
bool row_step_any(struct unwind_frame *frame, uintptr_t limit, uint64_t row);

ALWAYS_INLINE uint64_t row_find(uintptr_t key)
{
    size_t place = (key ^ key >> ROW_TABLE_BITS) & ((1u << ROW_TABLE_BITS) - 1);
    uint64_t row = atomic_load_explicit(&row_table[place], memory_order_relaxed);
    return likely(row >> ROW_TAG_SHIFT == key >> ROW_TABLE_BITS) ? row : row_make(key);
}

ALWAYS_INLINE enum row_type row_type(uint64_t row)
{
    return (enum row_type)(row >> 30 & 7);
}

/* The frame has a caller, and only complete_step() can find it. */
ALWAYS_INLINE bool row_cannot(uint64_t row)
{
    return row_type(row) == ROW_END && (row >> 13 & 0x1ffff);
}

/* In bytes. */
ALWAYS_INLINE intptr_t row_offset(uint64_t row)
{
    return ((intptr_t)(row << 34) >> 47) * 8;
}

/* Reads an aligned word of the stack, without risk: pages are probed, once each while a walk stays
 * on them. */
ALWAYS_INLINE bool row_read(struct unwind_frame *frame, uintptr_t address, uintptr_t *value)
{
    if (likely((address >> PAGE_SHIFT) + 1 == frame->readable)) {
        *value = *(const uintptr_t *)address;
        return true;
    }
    uintptr_t probed;
    if (!probe_word(address, &probed))
        return false;
    *value = probed;
    frame->readable = (address >> PAGE_SHIFT) + 1;
    return true;
}

/* Goes to the caller whose frame begins at `cfa`. */
ALWAYS_INLINE bool row_return(struct unwind_frame *frame, uintptr_t limit, uintptr_t cfa,
                              uintptr_t rbp_at)
{
    uintptr_t pc;
    if (unlikely(cfa <= frame->cfa || cfa > limit || cfa % 8))
        return false;
    if (!row_read(frame, cfa - 8, &pc))
        return false;
    if (rbp_at) {
        if (unlikely(rbp_at % 8 || rbp_at + ROW_RED_ZONE < frame->cfa || rbp_at >= limit))
            return false;
        if (!row_read(frame, rbp_at, &frame->rbp))
            return false;
    }
    frame->cfa = cfa;
    frame->pc = pc;
    frame->exact = false;
    return pc >= ROW_LOWEST_ADDRESS;
}

/* unwind_step() by the frame's row. */
ALWAYS_INLINE bool row_step_by(struct unwind_frame *frame, uintptr_t limit, uint64_t row)
{
    enum row_type type = row_type(row);
    uintptr_t base = frame->cfa;
    if (type != ROW_RSP) {
        if (unlikely(type != ROW_RBP)) {
            /* through a copy, so that the frame of the loop can live in registers */
            struct unwind_frame copy = *frame;
            bool stepped = row_step_any(&copy, limit, row);
            *frame = copy;
            return stepped;
        }
        base = frame->rbp;
    }
    uintptr_t cfa = base + (uintptr_t)row_offset(row);
    uintptr_t saved = row & ROW_RBP_MAX;
    return row_return(frame, limit, cfa, saved ? cfa - saved * 8 : 0);
}

ALWAYS_INLINE bool row_step(struct unwind_frame *frame, uintptr_t limit)
{
    return row_step_by(frame, limit, row_find(frame->pc - !frame->exact));
}

#endif
