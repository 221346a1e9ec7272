/* SPDX-License-Identifier: MIT
 *
 * Loops that run away from a block. Page after page faults in the same place; all of it is one
 * error, however many other blocks the loop passes, and when it has left all blocks behind, the
 * program cannot go on in any useful way.
 */
#ifndef DIAG_RUNAWAY_H
#define DIAG_RUNAWAY_H

#include <stdbool.h>
#include <stdint.h>

struct runaway {
    uint32_t stack; /* of the access */
    uint32_t lost; /* faults far from any block */
    uint32_t finding; /* its id */
    uintptr_t pc, page; /* of the last fault */
};

enum { RUNAWAY_LOOPS = 4 }; /* followed at a time: a copy has two */

/* A fault that is counted as a later one of its block: follows it, if it is part of a loop. */
void runaway_follow(struct runaway loops[RUNAWAY_LOOPS], uintptr_t pc, uintptr_t address,
                    bool lost);

/* A fault that would be reported: the loop it continues, or NULL after remembering it, as loops[0],
 * as the first of what may become one. */
struct runaway *runaway_find(struct runaway loops[RUNAWAY_LOOPS], uint32_t stack, uintptr_t pc,
                             uintptr_t address);

/* Whether a loop of this instruction has gone so far that its fault is better left to end the
 * program. */
bool runaway_is_hopeless(const struct runaway loops[RUNAWAY_LOOPS], uintptr_t pc);

#endif
