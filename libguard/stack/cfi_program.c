/* SPDX-License-Identifier: MIT */
#include "stack/cfi_program.h"

#include <stddef.h>

enum {
    OP_NOP = 0x00,
    OP_SET_LOC = 0x01,
    OP_ADVANCE_1 = 0x02,
    OP_ADVANCE_2 = 0x03,
    OP_ADVANCE_4 = 0x04,
    OP_OFFSET_EXTENDED = 0x05,
    OP_RESTORE_EXTENDED = 0x06,
    OP_UNDEFINED = 0x07,
    OP_SAME_VALUE = 0x08,
    OP_REGISTER = 0x09,
    OP_REMEMBER = 0x0a,
    OP_RESTORE_STATE = 0x0b,
    OP_DEF_CFA = 0x0c,
    OP_DEF_CFA_REGISTER = 0x0d,
    OP_DEF_CFA_OFFSET = 0x0e,
    OP_DEF_CFA_EXPRESSION = 0x0f,
    OP_EXPRESSION = 0x10,
    OP_OFFSET_EXTENDED_SF = 0x11,
    OP_DEF_CFA_SF = 0x12,
    OP_DEF_CFA_OFFSET_SF = 0x13,
    OP_VAL_OFFSET = 0x14,
    OP_VAL_OFFSET_SF = 0x15,
    OP_VAL_EXPRESSION = 0x16,
    OP_GNU_ARGS_SIZE = 0x2e,
    OP_GNU_NEGATIVE_OFFSET = 0x2f,
    /* in the two high bits of the opcode */
    OP_ADVANCE = 0x40,
    OP_OFFSET = 0x80,
    OP_RESTORE = 0xc0,
};

static struct cfi_rule *rule_of(struct cfi_state *state, uint64_t reg)
{
    enum cfi_tracked tracked = cfi_tracked(reg);
    return tracked < CFI_TRACKED ? &state->rules[tracked] : NULL;
}

static void set_rule(struct cfi_state *state, uint64_t reg, struct cfi_rule rule)
{
    struct cfi_rule *place = rule_of(state, reg);
    if (place)
        *place = rule;
}

static void set_offset(struct cfi_state *state, uint64_t reg, uint64_t offset)
{
    set_rule(state, reg, (struct cfi_rule){.how = CFI_RULE_AT_OFFSET, .offset = (int64_t)offset});
}

static void restore_rule(struct cfi_program *p, uint64_t reg)
{
    struct cfi_rule *initial = rule_of(&p->initial, reg);
    if (initial)
        set_rule(&p->state, reg, *initial);
}

static struct cfi_expression read_expression(struct cfi_bytes *b)
{
    struct cfi_expression expression;
    expression.length = cfi_uleb(b);
    expression.bytes = b->at;
    cfi_skip(b, expression.length);
    return expression;
}

/* A factored offset, as the unsigned product so that overflow is defined. */
static uint64_t scaled(const struct cfi_program *p, uint64_t factor)
{
    return factor * (uint64_t)p->data_alignment;
}

/* The instructions that say where the CFA is. False if `opcode` is none of them. */
static bool run_cfa(struct cfi_program *p, struct cfi_bytes *b, uint8_t opcode)
{
    struct cfi_state *s = &p->state;
    switch (opcode) {
    case OP_DEF_CFA:
        s->cfa_register = cfi_uleb(b);
        s->cfa_offset = (int64_t)cfi_uleb(b);
        break;
    case OP_DEF_CFA_SF:
        s->cfa_register = cfi_uleb(b);
        s->cfa_offset = (int64_t)scaled(p, (uint64_t)cfi_sleb(b));
        break;
    case OP_DEF_CFA_REGISTER:
        s->cfa_register = cfi_uleb(b);
        break;
    case OP_DEF_CFA_OFFSET:
        s->cfa_offset = (int64_t)cfi_uleb(b);
        return true;
    case OP_DEF_CFA_OFFSET_SF:
        s->cfa_offset = (int64_t)scaled(p, (uint64_t)cfi_sleb(b));
        return true;
    case OP_DEF_CFA_EXPRESSION:
        s->cfa_expression = read_expression(b);
        return true;
    default:
        return false;
    }
    s->cfa_expression.length = 0;
    return true;
}

/* The instructions that say where a register is. False if `opcode` is none of them. */
static bool run_rule(struct cfi_program *p, struct cfi_bytes *b, uint8_t opcode)
{
    struct cfi_state *s = &p->state;
    struct cfi_rule rule = {.how = CFI_RULE_OTHER};
    struct cfi_expression expression;
    uint64_t reg = cfi_uleb(b);
    switch (opcode) {
    case OP_OFFSET_EXTENDED:
        set_offset(s, reg, scaled(p, cfi_uleb(b)));
        return true;
    case OP_OFFSET_EXTENDED_SF:
        set_offset(s, reg, scaled(p, (uint64_t)cfi_sleb(b)));
        return true;
    case OP_GNU_NEGATIVE_OFFSET:
        set_offset(s, reg, 0 - scaled(p, cfi_uleb(b)));
        return true;
    case OP_RESTORE_EXTENDED:
        restore_rule(p, reg);
        return true;
    case OP_UNDEFINED:
        rule.how = CFI_RULE_UNDEFINED;
        break;
    case OP_SAME_VALUE:
        rule.how = CFI_RULE_UNCHANGED;
        break;
    case OP_EXPRESSION:
        expression = read_expression(b);
        rule = (struct cfi_rule){.how = CFI_RULE_AT_EXPRESSION,
                                 .length = (uint32_t)expression.length,
                                 .expression = expression.bytes};
        break;
    case OP_VAL_EXPRESSION:
        read_expression(b);
        break;
    case OP_REGISTER:
    case OP_VAL_OFFSET:
    case OP_VAL_OFFSET_SF:
        cfi_uleb(b);
        break;
    default:
        return false;
    }
    set_rule(s, reg, rule);
    return true;
}

static bool run_other(struct cfi_program *p, struct cfi_bytes *b, uint8_t opcode)
{
    switch (opcode) {
    case OP_NOP:
        return true;
    case OP_GNU_ARGS_SIZE:
        cfi_uleb(b);
        return true;
    case OP_REMEMBER:
        if (p->saved_count == CFI_SAVED_STATES)
            return false;
        p->saved[p->saved_count++] = p->state;
        return true;
    case OP_RESTORE_STATE:
        if (!p->saved_count)
            return false;
        p->state = p->saved[--p->saved_count];
        return true;
    default:
        return run_cfa(p, b, opcode) || run_rule(p, b, opcode);
    }
}

bool cfi_program_run(struct cfi_program *p, struct cfi_bytes *b, uintptr_t location, uintptr_t pc)
{
    while (b->at < b->end && !b->failed) {
        uint8_t opcode = (uint8_t)cfi_fixed(b, 1);
        uint8_t low = opcode & 0x3f;
        switch (opcode & 0xc0) {
        case OP_ADVANCE:
            location += low * p->code_alignment;
            break;
        case OP_OFFSET:
            set_offset(&p->state, low, scaled(p, cfi_uleb(b)));
            break;
        case OP_RESTORE:
            restore_rule(p, low);
            break;
        default:
            if (opcode == OP_SET_LOC)
                location = cfi_pointer(b, p->pointer_encoding, 0);
            else if (opcode >= OP_ADVANCE_1 && opcode <= OP_ADVANCE_4)
                location += cfi_fixed(b, 1u << (opcode - OP_ADVANCE_1)) * p->code_alignment;
            else if (!run_other(p, b, opcode))
                return false;
        }
        if (location > pc)
            break;
    }
    return !b->failed;
}
