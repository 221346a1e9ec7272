/* SPDX-License-Identifier: MIT
 *
 * A code address belongs to one FDE, which is found by bisection in the table of .eh_frame_hdr. The
 * FDE names a CIE; the program of the CIE and then that of the FDE are run until they pass the
 * address, and what they have said by then is the row.
 */
#include "stack/cfi.h"

#include <stddef.h>

#include "stack/cfi_bytes.h"
#include "stack/cfi_program.h"
#include "stack/find_object.h"

/* datarel | sdata4: the only encoding of the table that linkers make and that can be bisected */
#define TABLE_ENCODING 0x3b
#define OMITTED        0xff

/* The entry (CIE or FDE) at `address`, behind its length. */
static struct cfi_bytes open_entry(const struct cfi_module *module, uintptr_t address)
{
    struct cfi_bytes b = {(const uint8_t *)address, (const uint8_t *)module->end, false};
    if (address < module->start || address >= module->end) {
        b.failed = true;
        return b;
    }
    uint64_t length = cfi_fixed(&b, 4);
    if (length == 0xffffffff || length > (size_t)(b.end - b.at))
        b.failed = true;
    else
        b.end = b.at + length;
    return b;
}

static bool read_augmentation(struct cfi_program *p, struct cfi_bytes *b, struct cfi_bytes letters)
{
    uint64_t length = cfi_uleb(b);
    struct cfi_bytes data = *b;
    cfi_skip(b, length);
    if (b->failed)
        return false;
    data.end = b->at;
    for (; letters.at < letters.end; letters.at++) {
        switch (*letters.at) {
        case 'R':
            p->pointer_encoding = (uint8_t)cfi_fixed(&data, 1);
            break;
        case 'P':
            cfi_pointer(&data, (uint8_t)cfi_fixed(&data, 1) & 0x7f, 0);
            break;
        case 'L':
            cfi_fixed(&data, 1);
            break;
        case 'S':
            p->signal = true;
            break;
        default:
            return false;
        }
    }
    return !data.failed;
}

/* Reads the CIE at `address` and runs its program. */
static bool read_cie(struct cfi_program *p, const struct cfi_module *module, uintptr_t address)
{
    struct cfi_bytes b = open_entry(module, address);
    if (cfi_fixed(&b, 4) != 0 || b.failed)
        return false;
    uint64_t version = cfi_fixed(&b, 1);
    struct cfi_bytes letters = {b.at, b.at, false};
    while (cfi_fixed(&b, 1))
        letters.end = b.at;
    p->code_alignment = cfi_uleb(&b);
    p->data_alignment = cfi_sleb(&b);
    uint64_t return_column = version == 1 ? cfi_fixed(&b, 1) : cfi_uleb(&b);
    if (b.failed || (version != 1 && version != 3) || return_column != CFI_REGISTER_RA)
        return false;
    if (letters.at < letters.end) {
        if (*letters.at++ != 'z' || !read_augmentation(p, &b, letters))
            return false;
        p->augmented = true;
    }
    if (!cfi_program_run(p, &b, 0, UINTPTR_MAX))
        return false;
    p->initial = p->state;
    return true;
}

/* DW_OP_breg`reg` n, the whole of the expression or, if `rest` is given, its beginning. */
static bool is_register_plus(struct cfi_expression e, unsigned reg, int64_t *n,
                             struct cfi_bytes *rest)
{
    struct cfi_bytes b = {e.bytes, e.bytes + e.length, false};
    if (cfi_fixed(&b, 1) != 0x70 + reg)
        return false;
    *n = cfi_sleb(&b);
    if (rest)
        *rest = b;
    return !b.failed && (rest || b.at == b.end);
}

static bool bytes_left_are(const struct cfi_bytes *b, const char *bytes, size_t length)
{
    if ((size_t)(b->end - b->at) != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (b->at[i] != (uint8_t)bytes[i])
            return false;
    return true;
}

/* The expressions for the CFA that are in use: of compilers, of linkers for .plt, and of assembly.
 */
static void cfa_from_expression(struct cfi_expression e, struct cfi_row *row)
{
    struct cfi_bytes rest;
    row->kind = CFI_CANNOT;
    if (is_register_plus(e, CFI_REGISTER_RBP, &row->offset, &rest)) {
        if (bytes_left_are(&rest, "\x06" /* deref */, 1))
            row->kind = CFI_RBP_DEREF;
    } else if (is_register_plus(e, CFI_REGISTER_RSP, &row->offset, &rest)) {
        if (bytes_left_are(&rest, "\x06\x23\x08" /* deref, plus_uconst 8 */, 3)) {
            row->kind = CFI_RSP_DEREF;
        } else if (row->offset == 8 && rest.end - rest.at == 9 && rest.at[4] >= 0x30 &&
                   rest.at[4] <= 0x3f) {
            /* breg16 0, lit15, and, lit<n>, ge, lit3, shl, plus */
            struct cfi_bytes before = {rest.at, rest.at + 4, false},
                             after = {rest.at + 5, rest.end, false};
            row->offset = rest.at[4] - 0x30;
            if (bytes_left_are(&before, "\x80\x00\x3f\x1a", 4) &&
                bytes_left_are(&after, "\x2a\x33\x24\x22", 4))
                row->kind = CFI_PLT;
        }
    }
}

static struct cfi_row row_from_state(const struct cfi_state *s)
{
    struct cfi_row row = {.kind = CFI_CANNOT};
    const struct cfi_rule *ra = &s->rules[CFI_TRACK_RA], *rbp = &s->rules[CFI_TRACK_RBP];
    if (ra->how == CFI_RULE_UNDEFINED)
        return (struct cfi_row){.kind = CFI_OUTERMOST};
    if (ra->how != CFI_RULE_AT_OFFSET || ra->offset != -8)
        return row;
    switch (rbp->how) {
    case CFI_RULE_UNCHANGED:
    case CFI_RULE_UNDEFINED:
        break;
    case CFI_RULE_AT_OFFSET:
        row.rbp = CFI_RBP_AT_CFA;
        row.rbp_offset = rbp->offset;
        break;
    case CFI_RULE_AT_EXPRESSION:
        row.rbp = CFI_RBP_AT_RBP;
        if (is_register_plus((struct cfi_expression){rbp->expression, rbp->length},
                             CFI_REGISTER_RBP, &row.rbp_offset, NULL))
            break;
        return row;
    default:
        return row;
    }
    row.offset = s->cfa_offset;
    if (s->cfa_expression.length)
        cfa_from_expression(s->cfa_expression, &row);
    else if (s->cfa_register == CFI_REGISTER_RSP)
        row.kind = CFI_RSP;
    else if (s->cfa_register == CFI_REGISTER_RBP)
        row.kind = CFI_RBP;
    return row;
}

/* The FDE that begins last at or before `pc`; 0 if there is none. *cannot is set if the table is
 * damaged or of another form. */
static uintptr_t find_fde(const struct cfi_module *module, uintptr_t pc, bool *cannot)
{
    struct cfi_bytes b = {(const uint8_t *)module->header, (const uint8_t *)module->end, false};
    *cannot = true;
    if (module->header < module->start || module->header >= module->end)
        return 0;
    uint64_t version = cfi_fixed(&b, 1);
    uint8_t frame_encoding = (uint8_t)cfi_fixed(&b, 1);
    uint8_t count_encoding = (uint8_t)cfi_fixed(&b, 1);
    uint64_t table_encoding = cfi_fixed(&b, 1);
    if (version != 1 || count_encoding == OMITTED || table_encoding != TABLE_ENCODING)
        return 0;
    if (frame_encoding != OMITTED)
        cfi_pointer(&b, frame_encoding, module->header);
    uint64_t count = cfi_pointer(&b, count_encoding, module->header);
    if (b.failed || count > (size_t)(b.end - b.at) / 8)
        return 0;
    *cannot = false;
    const struct {
        int32_t pc, fde;
    } __attribute__((packed)) *table = (const void *)b.at;
    int64_t wanted = (int64_t)(pc - module->header);
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (table[middle].pc <= wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? module->header + (uintptr_t)(intptr_t)table[low - 1].fde : 0;
}

/* Whether there is information that can be followed; else *why says what to tell of it. */
static bool find_state(struct cfi_program *p, const struct cfi_module *module, uintptr_t pc,
                       enum cfi_kind *why)
{
    bool damaged;
    uintptr_t fde = find_fde(module, pc, &damaged);
    *why = fde || damaged ? CFI_CANNOT : CFI_NONE;
    if (!fde)
        return false;
    struct cfi_bytes b = open_entry(module, fde);
    uintptr_t back_from = (uintptr_t)b.at;
    uint64_t back = cfi_fixed(&b, 4);
    p->saved_count = 0;
    p->pointer_encoding = 0;
    p->augmented = p->signal = false;
    p->state = (struct cfi_state){.cfa_register = ~(uint64_t)0};
    p->initial = p->state;
    if (b.failed || !back || !read_cie(p, module, back_from - back))
        return false;
    uintptr_t begin = cfi_pointer(&b, p->pointer_encoding, module->header);
    uintptr_t size = cfi_pointer(&b, p->pointer_encoding & 0x0f, 0);
    if (b.failed || (p->pointer_encoding & 0x80))
        return false;
    if (pc - begin >= size) {
        *why = CFI_NONE;
        return false;
    }
    if (p->signal) {
        *why = CFI_SIGNAL;
        return false;
    }
    if (p->augmented)
        cfi_skip(&b, cfi_uleb(&b));
    return cfi_program_run(p, &b, begin, pc);
}

struct cfi_row cfi_row_in(const struct cfi_module *module, uintptr_t pc)
{
    struct cfi_program p;
    enum cfi_kind why;
    if (find_state(&p, module, pc, &why))
        return row_from_state(&p.state);
    return (struct cfi_row){.kind = why};
}

/* False if no module with unwind information holds `pc`. */
static bool find_module(uintptr_t pc, struct cfi_module *module, bool *in_module)
{
    struct dl_find_object object;
    *in_module = find_object(pc, &object);
    if (!*in_module || !object.dlfo_eh_frame)
        return false;
    *module = (struct cfi_module){(uintptr_t)object.dlfo_eh_frame, (uintptr_t)object.dlfo_map_start,
                                  (uintptr_t)object.dlfo_map_end};
    return true;
}

struct cfi_row cfi_row_at(uintptr_t pc, bool *in_module)
{
    struct cfi_module module;
    if (!find_module(pc, &module, in_module))
        return (struct cfi_row){.kind = CFI_NONE};
    return cfi_row_in(&module, pc);
}

enum cfi_kind cfi_state_at(uintptr_t pc, struct cfi_program *program)
{
    struct cfi_module module;
    bool in_module;
    enum cfi_kind why = CFI_NONE;
    if (!find_module(pc, &module, &in_module) || !find_state(program, &module, pc, &why))
        return why;
    return program->state.rules[CFI_TRACK_RA].how == CFI_RULE_UNDEFINED ? CFI_OUTERMOST : CFI_RULES;
}
