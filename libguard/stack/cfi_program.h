/* SPDX-License-Identifier: MIT
 *
 * The programs in CIEs and FDEs, and what they say of the CFA, the return address and the registers
 * that are kept for the caller. Signal-safe; all state is the caller's.
 */
#ifndef STACK_CFI_PROGRAM_H
#define STACK_CFI_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "stack/cfi_bytes.h"

/* DWARF numbers of the registers (x86-64 psABI, figure 3.36). */
#define CFI_REGISTER_RBX 3
#define CFI_REGISTER_RBP 6
#define CFI_REGISTER_RSP 7
#define CFI_REGISTER_R12 12
#define CFI_REGISTER_RA  16
#define CFI_REGISTERS    17

/* Nesting of DW_CFA_remember_state; compilers need 1. */
#define CFI_SAVED_STATES 4

struct cfi_expression {
    const uint8_t *bytes;
    uint64_t length; /* bytes; 0: there is no expression */
};

struct cfi_rule {
    enum {
        CFI_RULE_UNCHANGED,
        CFI_RULE_AT_OFFSET,
        CFI_RULE_UNDEFINED,
        CFI_RULE_AT_EXPRESSION,
        CFI_RULE_OTHER
    } how;
    uint32_t length; /* of the expression */
    union {
        int64_t offset;
        const uint8_t *expression;
    };
};

/* The registers whose rules are followed: those that a function keeps for its caller, and the
 * return address. */
enum cfi_tracked {
    CFI_TRACK_RBP,
    CFI_TRACK_RA,
    CFI_TRACK_RBX,
    CFI_TRACK_R12,
    CFI_TRACK_R13,
    CFI_TRACK_R14,
    CFI_TRACK_R15,
    CFI_TRACKED,
};

/* By DWARF number; CFI_TRACKED if it is none of them. */
static inline enum cfi_tracked cfi_tracked(uint64_t reg)
{
    if (reg >= CFI_REGISTER_R12 && reg <= CFI_REGISTER_R12 + 3)
        return (enum cfi_tracked)(CFI_TRACK_R12 + (reg - CFI_REGISTER_R12));
    return reg == CFI_REGISTER_RBP   ? CFI_TRACK_RBP
           : reg == CFI_REGISTER_RA  ? CFI_TRACK_RA
           : reg == CFI_REGISTER_RBX ? CFI_TRACK_RBX
                                     : CFI_TRACKED;
}

struct cfi_state {
    uint64_t cfa_register;
    int64_t cfa_offset;
    struct cfi_expression cfa_expression;
    struct cfi_rule rules[CFI_TRACKED];
};

/* `initial` is the state after the program of the CIE. `saved` needs no initial value. */
struct cfi_program {
    uint64_t code_alignment;
    int64_t data_alignment;
    uint8_t pointer_encoding;
    bool augmented, signal;
    struct cfi_state state, initial;
    struct cfi_state saved[CFI_SAVED_STATES];
    unsigned saved_count;
};

/* Runs instructions for addresses from `location` until they pass `pc` or end. False if they are
 * damaged or cannot be followed. */
bool cfi_program_run(struct cfi_program *p, struct cfi_bytes *b, uintptr_t location, uintptr_t pc);

#endif
