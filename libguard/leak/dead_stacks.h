/* SPDX-License-Identifier: MIT
 *
 * The stacks of threads that have ended, which glibc keeps for the next ones. What lies in the
 * control block at the upper end of each is a root until the thread is joined, since what it
 * returned is there; then it is dead like the rest.
 */
#ifndef LEAK_DEAD_STACKS_H
#define LEAK_DEAD_STACKS_H

#include "leak/mark.h"
#include "leak/regions.h"

/* Finds out where glibc lists its threads. Once, at start. */
void dead_stacks_init(void);

/* ---- world stopped, each */

/* Calls regions_find_stack() for the stacks that wait for new threads. */
void dead_stacks_find(struct regions *regions);

/* After regions_drop_dead_stacks(): takes the control blocks of stacks that wait for new threads
 * out of the roots. What glibc still holds for them, the tables of their thread-local storage and
 * this itself, is marked as reachable and leads nowhere. */
void dead_stacks_drop(struct regions *regions, struct mark *mark);

#endif
