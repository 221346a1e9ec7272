/* SPDX-License-Identifier: MIT
 *
 * How a process begins (fork) and ends (exit, _exit, quick_exit, a fatal signal), and what is done
 * then: the leak check, the trace, the report.
 */
#ifndef PROCESS_PROCESS_H
#define PROCESS_PROCESS_H

#include <stdbool.h>

/* Registers what runs around fork and at exit. Once. */
void process_init(void);

/* In a child made behind our back (raw clone, _Fork): what the fork hooks would have done. */
void process_in_unannounced_child(void);

/* Writes the trace, then raises SIGABRT. */
_Noreturn void process_abort(void);

/* Stops the process until a debugger or SIGCONT lets it go on, and says so. */
void process_stop(void);

/* Raises SIGTRAP for a debugger, whether the program blocks it or not. In the fault handler it
 * waits: once the handler has returned it arrives at the instruction that faulted. */
void process_trap(bool in_fault_handler);

/* Writes the trace of a process that `signal` is about to kill. `context`: its handler's
 * ucontext_t, if leaks are to be looked for; else NULL. */
void process_end_by_signal(int signal, const void *context);

#endif
