/* SPDX-License-Identifier: MIT
 *
 * Call frame information (DWARF 5, section 6.4, in the form of .eh_frame): how to find the caller's
 * frame at one code address. Only what the unwinder's rows can express is understood in a row;
 * anything else is CFI_CANNOT, and cfi_state_at() has the rules for complete.h. The tables are not
 * trusted: every byte is read between `start` and `end`.
 *
 * Signal-safe, no locks, no state.
 */
#ifndef STACK_CFI_H
#define STACK_CFI_H

#include <stdbool.h>
#include <stdint.h>

#include "stack/cfi_program.h"

/* Where the CFA is: the value of rsp before the call that made the frame. The return address is at
 * CFA - 8. */
enum cfi_kind {
    CFI_NONE, /* nothing is known about this address */
    CFI_CANNOT, /* there is information, and it is damaged or of an unusual kind */
    CFI_OUTERMOST, /* the return address is undefined: there is no caller */
    CFI_SIGNAL, /* a signal handler returns here: rsp points to a ucontext_t */
    CFI_RSP, /* rsp + offset */
    CFI_RBP, /* rbp + offset */
    CFI_RSP_DEREF, /* the word at rsp + offset, + 8: hand-written code that realigns the stack */
    CFI_RBP_DEREF, /* the word at rbp + offset: compiled functions that realign the stack */
    CFI_PLT, /* rsp + 8, + 8 more if the low four bits of the address are >= offset */
    CFI_RULES, /* cfi_state_at() only: see the state */
};

/* Where the caller's rbp is. */
enum cfi_rbp {
    CFI_RBP_UNCHANGED,
    CFI_RBP_AT_CFA, /* saved at CFA + rbp_offset */
    CFI_RBP_AT_RBP, /* saved at rbp + rbp_offset */
};

struct cfi_row {
    enum cfi_kind kind;
    enum cfi_rbp rbp;
    int64_t offset, rbp_offset;
};

/* The mapped module that the information is in; `header` is its .eh_frame_hdr. */
struct cfi_module {
    uintptr_t header, start, end;
};

struct cfi_row cfi_row_in(const struct cfi_module *module, uintptr_t pc);

/* The same, in whatever module of the process holds `pc`. *in_module says whether there is one. */
struct cfi_row cfi_row_at(uintptr_t pc, bool *in_module);

/* All there is to know about `pc`: CFI_RULES and the rules in program->state, which point into the
 * module; or one of the first four kinds. */
enum cfi_kind cfi_state_at(uintptr_t pc, struct cfi_program *program);

#endif
