/* SPDX-License-Identifier: MIT
 *
 * What entry points do with a finding, and what follows it. A finding is filled in by
 *   1. diag/diagnose.h: kind, address, sizes and the block;
 *   2. the entry: stack, direction, registers, and in words the call or where the address belongs;
 *   3. aftermath_record(): the thread, and whether a forked child inherited the block;
 *   4. diag/findings.h: id, count and time.
 */
#ifndef GUARD_AFTERMATH_H
#define GUARD_AFTERMATH_H

#include <stdbool.h>

#include "heap/block.h"
#include "mmtrace.h"

/* Enters *finding, whose stack is set, as the calling thread's, and prints it if it is new: returns
 * true then. `call` is the library function whose argument was wrong, `where` what an address
 * outside the heap belongs to; either may be NULL. For a crash, which ends the program anyway. */
bool aftermath_record(struct mmt_finding *finding, const char *call, const char *where);

/* The same, and does what the option on_error asks for if it is new. */
void aftermath_enter(struct mmt_finding *finding, const char *call, const char *where);

/* The same for a wrong access to the block with the record `record` (NULL: to none). Of one block
 * only the first such access is reported, later ones are counted: pages around it are open by then,
 * and most of them follow from the first. Returns whether this one would be reported, before
 * anything is done, so that the caller need not collect details. */
bool aftermath_first_access(struct mmt_finding *finding, struct block *record);

#endif
