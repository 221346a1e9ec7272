/* SPDX-License-Identifier: MIT
 *
 * Signals that kill the process because it has no handler for them. Where the program leaves such a
 * signal at its default, a handler of ours is installed that saves and reports as at any other end,
 * and then lets the kernel kill the process. The program never sees it.
 */
#ifndef SIGNALS_KILLED_H
#define SIGNALS_KILLED_H

#include <signal.h>

/* Takes over the signals that are at their default now. `set` is libc's sigaction. */
void killed_init(int (*set)(int, const struct sigaction *, struct sigaction *));

/* *action is what the program wants for `signal`: if that is the default, it becomes our handler.
 */
void killed_want(int signal, struct sigaction *action);

/* *action is what the kernel says: if it is our handler, it becomes the default. */
void killed_hide(struct sigaction *action);

#endif
