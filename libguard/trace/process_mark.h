/* SPDX-License-Identifier: MIT
 *
 * The mark of a process: a small file (MMT_MARK in include/mmtrace.h) that is there from its start
 * to its end, so that nothing ends unseen. Its state is a store into a shared mapping, which
 * SIGKILL and a bare exit_group leave as it is, and which needs no system call, descriptor or path.
 *
 * A forked child has a mark of its own. In a vfork child, which has its parent's memory, only the
 * functions may be called that say so.
 */
#ifndef TRACE_PROCESS_MARK_H
#define TRACE_PROCESS_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include "trace/state.h"

/* Makes the mark in `directory`. `flags` is enum mmt_mark_flags. By the process's only thread. 0 or
 * -errno. */
int process_mark_start(const char *directory, const struct trace_process *process, uint32_t flags);

/* An error is about to be reported: counts it, and appends the records that `put` writes. By one
 * thread at a time. */
void process_mark_finding(void (*put)(struct trace_writer *writer, void *argument), void *argument);

/* The process comes to its end. `lost`: its trace could not be written. True if the mark was
 * removed. Signal-safe. */
bool process_mark_end(bool lost);

/* Sets one of enum mmt_mark_flags. */
void process_mark_flag(uint32_t flag);

/* The process is about to become `program`, or has failed to. */
void process_mark_exec(const char *program, uint32_t flags);
void process_mark_exec_failed(uint32_t flags);

/* Makes the mark of another process, which has begun since `time` and is to become `program`,
 * unless it has one. In a vfork child as well. */
void process_mark_of_child(const char *directory, int pid, uint64_t time, const char *program,
                           uint32_t flags);
/* It did not become that program after all. */
void process_mark_child_failed(const char *directory, int pid);

/* In a forked child. */
void process_mark_after_fork(void);

#endif
