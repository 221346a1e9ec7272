/* SPDX-License-Identifier: MIT
 *
 * Unwinding by rows: for a code address, where the caller's frame is (the CFA, from rsp or rbp) and
 * where rbp was saved, packed in one 64-bit word. A table of rows is filled lazily from .eh_frame;
 * reading and filling it take no lock.
 *
 * Signal-safe. No read of the stack faults, whatever the registers hold: the first read of each
 * page is a probe_word().
 */
#ifndef STACK_UNWIND_H
#define STACK_UNWIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* State of a walk: the frame at `pc` with the caller's stack pointer values. */
struct unwind_frame {
    uintptr_t pc;
    uintptr_t cfa; /* rsp in this frame at pc */
    uintptr_t rbp;
    /* `pc` is the instruction itself, not a return address (first frame of a context; frame below
     * a signal). */
    bool exact;
    /* 0 at the start of a walk; for unwind_step(): number of a page known to be readable, plus
     * 1. */
    uintptr_t readable;
};

/* Steps to the caller. False at the outermost frame or where the stack cannot be followed, and the
 * frame is then undefined. Reads only [frame->cfa - 128, limit): below the stack pointer lies the
 * red zone, where a function that is about to return has left rbp.
 *
 * If frame->exact holds afterwards, a signal frame was passed: the new cfa may lie on another
 * stack, and the caller finds out its limit. */
bool unwind_step(struct unwind_frame *frame, uintptr_t limit);

/* Forgets all rows: after a module was unloaded. */
void unwind_flush(void);

#endif
