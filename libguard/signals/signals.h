/* SPDX-License-Identifier: MIT
 *
 * The program's view of the signals that libguard uses. For SIGSEGV and SIGBUS our handler stays
 * installed in the kernel, what the program asks for is kept here and acted on when a fault is not
 * ours. The signal that stops threads is kept likewise. None of them is ever blocked through libc,
 * since a blocked fault kills the process and a thread that cannot be stopped makes the leak check
 * less exact.
 */
#ifndef SIGNALS_SIGNALS_H
#define SIGNALS_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

void signals_init(void);

/* Makes `handler` ours for `signal` and remembers what was there as the program's. */
void signals_install(int signal, void (*handler)(int, siginfo_t *, void *));

/* Whether the program has a handler of its own for `signal`, SIGSEGV or SIGBUS. */
bool signals_program_handles(int signal);

/* From our handler: does what would have happened without us. Returns where the program's handler
 * returned or the signal was ignored; may not return. */
void signals_pass_on(int signal, siginfo_t *info, void *context);

#endif
