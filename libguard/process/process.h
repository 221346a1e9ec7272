/* SPDX-License-Identifier: MIT
 *
 * How a process begins (fork) and ends (exit, _exit, quick_exit, a fatal signal), and what is done
 * then: the leak check, the trace, the report.
 */
#ifndef PROCESS_PROCESS_H
#define PROCESS_PROCESS_H

#include <stdbool.h>

#include "mmtrace.h"

/* Registers what runs around fork and at exit. Once. */
void process_init(void);

/* In a child made behind our back (raw clone, _Fork): what the fork hooks would have done. */
void process_in_unannounced_child(void);

/* What the option on_error wants after a finding was reported: nothing, the end by SIGABRT, to
 * stop, or SIGTRAP for a debugger. */
void process_act_on_error(const struct mmt_finding *finding);

/* Writes the trace of a process that `signal` is about to kill. `context`: its handler's
 * ucontext_t, if leaks are to be looked for; else NULL. */
void process_end_by_signal(int signal, const void *context);

#endif
