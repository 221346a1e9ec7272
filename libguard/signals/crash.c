/* SPDX-License-Identifier: MIT */
#include "signals/crash.h"

#include "base/bits.h"
#include "base/print.h"
#include "base/probe.h"
#include "diag/address_words.h"
#include "diag/cookie.h"
#include "diag/diagnose.h"
#include "guard/aftermath.h"
#include "guard/patterns.h"

#define WHERE_SIZE 64

static void say(char *where, const char *text)
{
    struct print p;
    print_to_buffer(&p, where, WHERE_SIZE);
    print_text(&p, text);
    print_end(&p);
}

static void crash_describe(const siginfo_t *info, bool address_known, struct mmt_finding *finding,
                           char *where)
{
    if (pattern_origin(finding->address, finding, where, WHERE_SIZE))
        return;
    if (finding->kind == MMT_ERROR_STACK_OVERFLOW)
        say(where, "below the end of the stack");
    else if (heap_owns(finding->address))
        say(where, "in the heap, which holds no code");
    else if (!finding->direction && finding->kind == MMT_ERROR_NULL_DEREFERENCE)
        say(where, "the program went there to run code");
    else if (!finding->address)
        say(where, address_known ? "" : "an address that the processor does not tell");
    else if (!address_known)
        say(where, "no address a program can have");
    else if (finding->kind == MMT_ERROR_WILD_POINTER &&
             address_words(finding->address, where, WHERE_SIZE) != PLACE_UNMAPPED &&
             info->si_signo == SIGBUS)
        say(where, "beyond the end of the mapped file");
}

static bool leads_here(const struct mmt_finding *crash, const struct block *block)
{
    uint64_t slack = SLACK_PATTERN * (UINT64_MAX / UINT8_MAX);
    if (cookie_leads_to(crash->address, slack, block))
        return true;
    for (size_t i = 0; i <= MMT_R15; i++)
        if (i != MMT_RSP && cookie_leads_to(crash->registers[i], slack, block))
            return true;
    return false;
}

/* `delete[]` of what `new` gave takes the slack before the block for the number of elements, and
 * their destructors begin far away. The pointer that was deleted is in a register, or in the frame
 * of one of the innermost functions: the wrong deallocation is the first finding. */
static void report_array_delete(const struct mmt_finding *crash)
{
    enum { WORDS = 128 };
    uintptr_t stack = align_down(crash->registers[MMT_RSP], sizeof(uintptr_t)), value;
    for (size_t i = 0; i <= MMT_R15 + WORDS; i++) {
        if (i <= MMT_R15)
            value = crash->registers[i];
        else if (!probe_word(stack + (i - MMT_R15 - 1) * sizeof(value), &value))
            return;
        const struct block *block = heap_owns(value) ? heap_block_at(value) : NULL;
        if (!block || !leads_here(crash, block))
            continue;
        struct mmt_finding finding = {.stack = crash->stack};
        struct heap_release release = {.address = value, .function = MMT_FUNCTION_DELETE_ARRAY};
        diagnose_cookie(&release, block, &finding);
        aftermath_record(&finding, NULL, NULL);
        return;
    }
}

void crash_report(const siginfo_t *info, struct mmt_finding *finding)
{
    char where[WHERE_SIZE] = "";
    bool address_known = info->si_code != SI_KERNEL;
    diagnose_crash((uintptr_t)info->si_addr, address_known, finding);
    if (finding->kind == MMT_ERROR_WILD_POINTER)
        report_array_delete(finding);
    crash_describe(info, address_known, finding, where);
    aftermath_record(finding, NULL, where);
}
