/* SPDX-License-Identifier: MIT
 *
 * Unwinding with all registers, for the few frames whose CFA is in another one than rsp and rbp:
 * the stub of ld.so that binds functions, hand-written assembly, code that is just realigning the
 * stack. Each step interprets .eh_frame anew, which takes about a microsecond.
 *
 * Signal-safe, no locks; no read of the stack faults.
 */
#ifndef STACK_COMPLETE_H
#define STACK_COMPLETE_H

#include <stdbool.h>
#include <stdint.h>

#include "stack/cfi_program.h"

struct complete_frame {
    uintptr_t registers[CFI_REGISTERS]; /* by DWARF number; the last is the pc. Those that are not
                                           known are 0 */
    bool exact; /* as in struct unwind_frame */
};

/* unwind_step() */
bool complete_step(struct complete_frame *frame, uintptr_t limit);

/* From the registers of a ucontext_t. */
void complete_from_context(struct complete_frame *frame, const long long *gregs);

/* The frame of the function that this is called from, at the call. */
void complete_here(struct complete_frame *frame);

#endif
