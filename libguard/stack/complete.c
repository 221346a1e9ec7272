/* SPDX-License-Identifier: MIT */
#include "stack/complete.h"

#include <stddef.h>
#include <ucontext.h>

#include "base/bits.h"
#include "base/probe.h"
#include "stack/cfi.h"
#include "stack/rows.h"

#define EXPRESSION_DEPTH 16

/* ---- expressions (DWARF 5, section 2.5), as far as they occur in tables of compilers and in
 * assembly */

struct machine {
    uint64_t stack[EXPRESSION_DEPTH];
    size_t used;
    bool failed;
};

static void complete_push(struct machine *m, uint64_t value)
{
    if (m->used == EXPRESSION_DEPTH)
        m->failed = true;
    else
        m->stack[m->used++] = value;
}

static uint64_t pop(struct machine *m)
{
    if (m->used)
        return m->stack[--m->used];
    m->failed = true;
    return 0;
}

static void dereference(struct machine *m)
{
    uintptr_t value;
    if (probe_word(pop(m), &value))
        complete_push(m, value);
    else
        m->failed = true;
}

static void binary(struct machine *m, uint8_t operation)
{
    uint64_t b = pop(m), a = pop(m);
    switch (operation) {
    case 0x1a:
        complete_push(m, a & b);
        break;
    case 0x1c:
        complete_push(m, a - b);
        break;
    case 0x1e:
        complete_push(m, a * b);
        break;
    case 0x21:
        complete_push(m, a | b);
        break;
    case 0x22:
        complete_push(m, a + b);
        break;
    case 0x24:
        complete_push(m, b < 64 ? a << b : 0);
        break;
    case 0x25:
        complete_push(m, b < 64 ? a >> b : 0);
        break;
    case 0x27:
        complete_push(m, a ^ b);
        break;
    case 0x2a:
        complete_push(m, (int64_t)a >= (int64_t)b);
        break;
    default:
        m->failed = true;
    }
}

static void operate(struct machine *m, struct cfi_bytes *b, const struct complete_frame *frame)
{
    uint8_t operation = (uint8_t)cfi_fixed(b, 1);
    if (operation >= 0x70 && operation < 0x70 + CFI_REGISTERS)
        complete_push(m, frame->registers[operation - 0x70] + (uint64_t)cfi_sleb(b));
    else if (operation >= 0x30 && operation <= 0x4f)
        complete_push(m, operation - 0x30u);
    else if (operation == 0x06)
        dereference(m);
    else if (operation >= 0x08 && operation <= 0x0f) { /* const1u, const1s, ... const8s */
        unsigned length = 1u << (operation - 0x08) / 2, unused = 64 - 8 * length;
        uint64_t value = cfi_fixed(b, length);
        complete_push(m, operation & 1 ? (uint64_t)((int64_t)(value << unused) >> unused) : value);
    } else if (operation == 0x10)
        complete_push(m, cfi_uleb(b));
    else if (operation == 0x11)
        complete_push(m, (uint64_t)cfi_sleb(b));
    else if (operation == 0x23)
        complete_push(m, pop(m) + cfi_uleb(b));
    else
        binary(m, operation);
}

static bool evaluate(struct cfi_expression e, const struct complete_frame *frame, bool with_cfa,
                     uintptr_t cfa, uintptr_t *value)
{
    struct cfi_bytes b = {e.bytes, e.bytes + e.length, false};
    struct machine m = {.used = 0};
    if (with_cfa)
        complete_push(&m, cfa);
    while (b.at < b.end && !b.failed && !m.failed)
        operate(&m, &b, frame);
    *value = pop(&m);
    return !b.failed && !m.failed;
}

/* ---- steps */

void complete_from_context(struct complete_frame *frame, const long long *gregs)
{
    static const uint8_t order[CFI_REGISTERS] = {
        REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI, REG_RBP, REG_RSP, REG_R8,
        REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP};
    for (size_t i = 0; i < CFI_REGISTERS; i++)
        frame->registers[i] = (uintptr_t)gregs[order[i]];
    frame->exact = true;
}

static bool complete_leave_signal(struct complete_frame *frame, uintptr_t limit)
{
    uintptr_t context = frame->registers[CFI_REGISTER_RSP];
    long long gregs[REG_RIP + 1];
    if (context % 8 || context >= limit || limit - context < sizeof(ucontext_t))
        return false;
    context += offsetof(ucontext_t, uc_mcontext.gregs);
    for (size_t i = 0; i < ARRAY_LENGTH(gregs); i++)
        if (!probe_word(context + i * 8, (uintptr_t *)&gregs[i]))
            return false;
    complete_from_context(frame, gregs);
    return true;
}

/* Code without information, or one that changes nothing but the three registers that rows know. */
static bool step_by_row(struct complete_frame *frame, uintptr_t limit)
{
    struct unwind_frame simple = {.pc = frame->registers[CFI_REGISTER_RA],
                                  .cfa = frame->registers[CFI_REGISTER_RSP],
                                  .rbp = frame->registers[CFI_REGISTER_RBP],
                                  .exact = frame->exact};
    if (!unwind_step(&simple, limit))
        return false;
    frame->registers[CFI_REGISTER_RA] = simple.pc;
    frame->registers[CFI_REGISTER_RSP] = simple.cfa;
    frame->registers[CFI_REGISTER_RBP] = simple.rbp;
    frame->exact = simple.exact;
    return true;
}

/* The caller's value of `reg`. */
static bool follow_rule(const struct cfi_rule *rule, const struct complete_frame *frame,
                        uintptr_t cfa, unsigned reg, uintptr_t *value)
{
    uintptr_t at;
    switch (rule->how) {
    case CFI_RULE_AT_OFFSET:
        return probe_word(cfa + (uintptr_t)rule->offset, value);
    case CFI_RULE_AT_EXPRESSION:
        return evaluate((struct cfi_expression){rule->expression, rule->length}, frame, true, cfa,
                        &at) &&
               probe_word(at, value);
    default:
        *value = frame->registers[reg];
        return reg != CFI_REGISTER_RA;
    }
}

static bool find_cfa(const struct cfi_state *s, const struct complete_frame *frame, uintptr_t limit,
                     uintptr_t *cfa)
{
    if (s->cfa_expression.length) {
        if (!evaluate(s->cfa_expression, frame, false, 0, cfa))
            return false;
    } else if (s->cfa_register < CFI_REGISTERS) {
        *cfa = frame->registers[s->cfa_register] + (uintptr_t)s->cfa_offset;
    } else {
        return false;
    }
    return *cfa > frame->registers[CFI_REGISTER_RSP] && *cfa <= limit && *cfa % 8 == 0;
}

bool complete_step(struct complete_frame *frame, uintptr_t limit)
{
    static const uint8_t tracked[] = {
        CFI_REGISTER_RBX,     CFI_REGISTER_RBP,     CFI_REGISTER_R12, CFI_REGISTER_R12 + 1,
        CFI_REGISTER_R12 + 2, CFI_REGISTER_R12 + 3, CFI_REGISTER_RA};
    struct cfi_program program;
    switch (cfi_state_at(frame->registers[CFI_REGISTER_RA] - !frame->exact, &program)) {
    case CFI_RULES:
        break;
    case CFI_SIGNAL:
        return complete_leave_signal(frame, limit);
    case CFI_NONE:
        return step_by_row(frame, limit);
    default:
        return false;
    }
    uintptr_t cfa;
    if (!find_cfa(&program.state, frame, limit, &cfa))
        return false;
    uintptr_t values[ARRAY_LENGTH(tracked)];
    for (size_t i = 0; i < ARRAY_LENGTH(tracked); i++)
        if (!follow_rule(&program.state.rules[cfi_tracked(tracked[i])], frame, cfa, tracked[i],
                         &values[i]))
            return false;
    for (size_t i = 0; i < ARRAY_LENGTH(tracked); i++)
        frame->registers[tracked[i]] = values[i];
    frame->registers[CFI_REGISTER_RSP] = cfa;
    frame->exact = false;
    return frame->registers[CFI_REGISTER_RA] >= ROW_LOWEST_ADDRESS;
}

__asm__(".text\n"
        ".p2align 4\n"
        ".globl complete_here\n"
        ".hidden complete_here\n"
        ".type complete_here, @function\n"
        "complete_here:\n"
        "    .cfi_startproc\n"
        "    mov %rbx, 24(%rdi)\n"
        "    mov %rbp, 48(%rdi)\n"
        "    lea 8(%rsp), %rax\n"
        "    mov %rax, 56(%rdi)\n"
        "    mov %r12, 96(%rdi)\n"
        "    mov %r13, 104(%rdi)\n"
        "    mov %r14, 112(%rdi)\n"
        "    mov %r15, 120(%rdi)\n"
        "    mov (%rsp), %rax\n"
        "    mov %rax, 128(%rdi)\n"
        "    movb $0, 136(%rdi)\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".size complete_here, . - complete_here\n");

_Static_assert(offsetof(struct complete_frame, exact) == 136,
               "the offsets stand in the code above");
