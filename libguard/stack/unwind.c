/* SPDX-License-Identifier: MIT */
#include "stack/unwind.h"

#include <stddef.h>
#include <ucontext.h>

#include "stack/cfi.h"
#include "stack/rows.h"

_Atomic uint64_t row_table[1u << ROW_TABLE_BITS];
_Atomic uint32_t row_generation;

/* A row without tag; row_cannot() if the word cannot hold it. */
static uint64_t encode(const struct cfi_row *row)
{
    static const uint8_t types[] = {
        [CFI_NONE] = ROW_GUESS,
        [CFI_CANNOT] = ROW_END,
        [CFI_OUTERMOST] = ROW_END,
        [CFI_SIGNAL] = ROW_SIGNAL,
        [CFI_RSP] = ROW_RSP,
        [CFI_RBP] = ROW_RBP,
        [CFI_RSP_DEREF] = ROW_RSP_DEREF,
        [CFI_RBP_DEREF] = ROW_RBP_DEREF,
        [CFI_PLT] = ROW_PLT,
    };
    static const uint64_t cannot = (uint64_t)ROW_END << 30 | 1 << 13;
    int64_t offset = row->kind == CFI_PLT ? row->offset * 8 : row->offset;
    int64_t saved = 0;
    if (row->kind == CFI_CANNOT)
        return cannot;
    if (row->kind == CFI_OUTERMOST)
        return (uint64_t)ROW_END << 30;
    if (offset % 8 || offset / 8 < -0x10000 || offset / 8 > 0xffff || row->rbp_offset % 8)
        return cannot;
    bool at_rbp = row->kind == CFI_RBP_DEREF;
    if (row->rbp == CFI_RBP_AT_CFA) {
        if (at_rbp || row->rbp_offset >= 0)
            return cannot;
        saved = -(row->rbp_offset / 8);
    } else if (row->rbp == CFI_RBP_AT_RBP) {
        if (!at_rbp)
            return cannot;
        saved = ROW_RBP_ZERO + row->rbp_offset / 8;
        if (saved < 1)
            return cannot;
    }
    if (saved > ROW_RBP_MAX)
        return cannot;
    return (uint64_t)types[row->kind] << 30 | ((uint64_t)(offset / 8) & 0x1ffff) << 13 |
           (uint64_t)saved;
}

NOINLINE uint64_t row_make(uintptr_t key)
{
    if (key >> ROW_KEY_BITS)
        return (uint64_t)ROW_GUESS << 30;
    bool in_module;
    struct cfi_row cfi = cfi_row_at(key, &in_module);
    uint64_t row = encode(&cfi) | (uint64_t)(key >> ROW_TABLE_BITS) << ROW_TAG_SHIFT;
    /* Generated code comes and goes, and a module may be loaded where it was, without anyone
     * telling us. */
    if (in_module)
        atomic_store_explicit(
            &row_table[(key ^ key >> ROW_TABLE_BITS) & ((1u << ROW_TABLE_BITS) - 1)], row,
            memory_order_relaxed);
    return row;
}

void unwind_flush(void)
{
    for (size_t i = 0; i < ARRAY_LENGTH(row_table); i++)
        if (atomic_load_explicit(&row_table[i], memory_order_relaxed))
            atomic_store_explicit(&row_table[i], 0, memory_order_relaxed);
    atomic_fetch_add(&row_generation, 1);
}

/* `context` is what the kernel left on the stack for rt_sigreturn. */
static bool unwind_leave_signal(struct unwind_frame *frame, uintptr_t limit, uintptr_t context)
{
    uintptr_t registers = context + offsetof(ucontext_t, uc_mcontext.gregs);
    uintptr_t pc, rsp, rbp;
    if (context % 8 || context < frame->cfa || context >= limit ||
        limit - context < sizeof(ucontext_t))
        return false;
    if (!row_read(frame, registers + REG_RIP * 8, &pc) ||
        !row_read(frame, registers + REG_RSP * 8, &rsp) ||
        !row_read(frame, registers + REG_RBP * 8, &rbp))
        return false;
    frame->pc = pc;
    frame->cfa = rsp;
    frame->rbp = rbp;
    frame->exact = true;
    return true;
}

/* Whether the code at `pc` is "mov $15, %rax; syscall": where a signal handler returns to, and
 * never anything else. */
static bool is_sigreturn(uintptr_t pc)
{
    uintptr_t first, second;
    return probe_word(pc, &first) && first == 0x0f0000000fc0c748 && probe_word(pc + 8, &second) &&
           (second & 0xff) == 0x05;
}

/* Whether the instruction before `pc`, in a module, is a call. */
static bool follows_call(uintptr_t pc)
{
    uintptr_t word;
    bool in_module;
    if (pc < ROW_LOWEST_ADDRESS)
        return false;
    cfi_row_at(pc - 1, &in_module);
    if (!in_module || !probe_word(pc - 8, &word))
        return false;
    const uint8_t *before = (const uint8_t *)&word; /* before[8 - n] is n bytes before pc */
    if (before[3] == 0xe8)
        return true;
    for (unsigned length = 2; length <= 7; length++)
        if (before[8 - length] == 0xff && (before[9 - length] & 0x38) == 0x10)
            return true;
    return false;
}

/* A step from code without unwind information: assembly, generated code, or no code at all. */
static bool guess(struct unwind_frame *frame, uintptr_t limit)
{
    uintptr_t word;
    if (is_sigreturn(frame->pc))
        return unwind_leave_signal(frame, limit, frame->cfa);
    /* A call through a wild pointer has just pushed the return address; so has a call of a leaf in
     * assembly. */
    if (frame->exact && frame->cfa % 8 == 0 && probe_word(frame->cfa, &word) &&
        (!probe_word(frame->pc, &(uintptr_t){0}) || follows_call(word)))
        return row_return(frame, limit, frame->cfa + 8, 0);
    uintptr_t rbp = frame->rbp;
    return rbp >= frame->cfa && rbp < limit && limit - rbp >= 16 &&
           row_return(frame, limit, rbp + 16, rbp);
}

NOINLINE bool row_step_any(struct unwind_frame *frame, uintptr_t limit, uint64_t row)
{
    uintptr_t cfa = frame->cfa, offset = (uintptr_t)row_offset(row), saved = row & ROW_RBP_MAX;
    switch (row_type(row)) {
    case ROW_END:
        return false;
    case ROW_RSP:
        cfa += offset;
        break;
    case ROW_RBP:
        cfa = frame->rbp + offset;
        break;
    case ROW_RSP_DEREF:
    case ROW_RBP_DEREF: {
        bool by_rbp = row_type(row) == ROW_RBP_DEREF;
        uintptr_t at = (by_rbp ? frame->rbp : cfa) + offset;
        if (at % 8 || at + ROW_RED_ZONE < frame->cfa || at >= limit || !row_read(frame, at, &cfa))
            return false;
        if (by_rbp)
            return row_return(frame, limit, cfa,
                              saved ? frame->rbp + (saved - ROW_RBP_ZERO) * 8 : 0);
        cfa += 8;
        break;
    }
    case ROW_SIGNAL:
        return unwind_leave_signal(frame, limit, cfa);
    case ROW_PLT:
        cfa += (frame->pc & 15) >= offset / 8 ? 16 : 8;
        break;
    case ROW_GUESS:
        return guess(frame, limit);
    }
    return row_return(frame, limit, cfa, saved ? cfa - saved * 8 : 0);
}

bool unwind_step(struct unwind_frame *frame, uintptr_t limit)
{
    return row_step(frame, limit);
}
