/* SPDX-License-Identifier: MIT
 *
 * The mark of this process, where traces are wanted of all: under mmguard, with option `keep`, or
 * with a folder of their own in option `dir`.
 */
#ifndef PROCESS_OWN_MARK_H
#define PROCESS_OWN_MARK_H

#include <stdbool.h>
#include <stdint.h>

/* At the start, and in a forked child, announced or not. */
void own_mark_start(void);

/* The process comes to its end. `lost`: its trace could not be written. */
void own_mark_end(bool lost);

/* Around fork, so that nobody ends before all children have their marks: the launcher looks at what
 * marks there are when the program has ended. With all locks held; the child calls the last before
 * own_mark_start(). */
void own_mark_before_fork(void);
void own_mark_in_parent(void);
void own_mark_after_fork(void);

/* The process is about to become the program at this path, or has failed to. In a vfork child as
 * well, which has no mark so far. */
void own_mark_before_exec(const char *path, char *const *environment);
void own_mark_exec_failed(void);

/* A child was started, not before `time`, to run the program. */
void own_mark_spawned(int pid, uint64_t time, const char *path, char *const *environment);

/* Whether a program with this name and environment would owe a trace that it cannot write. */
bool own_mark_owes(const char *name, char *const *environment);

#endif
