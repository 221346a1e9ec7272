/* SPDX-License-Identifier: MIT */
#ifndef ENTRY_ENDING_H
#define ENTRY_ENDING_H

#include <stdbool.h>
#include <stdint.h>

#include "mmtrace.h"

/* The last thing a process does under our control: leak check, trace, report. `frame` is where the program's part of the calling thread's stack begins;
 * below it only remains of finished calls are left. 0: there is no leak check. The second time it waits until the first is through; in a vfork child, which borrows its
 * parent's memory, it does nothing. Returns true if there are findings (errors, or leaks of the kinds that count). */
bool ending_finish(enum mmt_ending ending, int status, uintptr_t frame);

/* In a forked child: it has an end of its own. */
void ending_after_fork(void);

#endif
