/* SPDX-License-Identifier: MIT
 *
 * Faults that are about to kill the program and have nothing to do with the heap.
 */
#ifndef SIGNALS_CRASH_H
#define SIGNALS_CRASH_H

#include <signal.h>

#include "mmtrace.h"

/* Reports the fault: a null dereference, a wild pointer, a stack overflow. Only for faults for
 * which the program has no handler; the caller then lets the kernel do what it would have done.
 * `finding` has registers, instruction and stack. */
void crash_report(const siginfo_t *info, struct mmt_finding *finding);

#endif
