/* SPDX-License-Identifier: MIT */
#include "signals/crash.h"

#include "base/bits.h"
#include "base/print.h"
#include "diag/diagnose.h"
#include "diag/findings.h"
#include "guard/guard.h"
#include "diag/address_words.h"
#include "guard/patterns.h"

#define WHERE_SIZE 64

static void say(char *where, const char *text)
{
    struct print p;
    print_to_buffer(&p, where, WHERE_SIZE);
    print_text(&p, text);
    print_end(&p);
}

static void describe(const siginfo_t *info, bool address_known, struct mmt_finding *finding,
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

void crash_report(const siginfo_t *info, struct mmt_finding *finding)
{
    char where[WHERE_SIZE] = "";
    bool address_known = info->si_code != SI_KERNEL;
    diagnose_crash((uintptr_t)info->si_addr, address_known, finding);
    describe(info, address_known, finding, where);
    finding->thread = guard_enter()->info->id;
    findings_enter(finding, NULL, where, &guard.process);
}
