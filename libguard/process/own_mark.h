/* SPDX-License-Identifier: MIT
 *
 * The mark of this process, where traces are wanted of all: under mmguard, with option `keep`, or
 * with a folder of their own in option `dir`.
 */
#ifndef PROCESS_OWN_MARK_H
#define PROCESS_OWN_MARK_H

#include <stdbool.h>

/* At the start, and in a forked child. */
void own_mark_start(void);

/* In a forked child, before the other. */
void own_mark_after_fork(void);

/* The process is about to become the program at this path, or has failed to. */
void own_mark_before_exec(const char *path, char *const *environment);
void own_mark_exec_failed(void);

#endif
