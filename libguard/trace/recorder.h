/* SPDX-License-Identifier: MIT
 *
 * The live file: a trace that is true at every moment, so that what lived can be read after
 * SIGKILL. It is made at the start with room for everything, as a file of holes, and mapped; what
 * happens to a block is a store into it. At any other end it is removed.
 *
 * Safe in signal handlers and any thread unless said otherwise. A forked child has a file of its
 * own.
 */
#ifndef TRACE_RECORDER_H
#define TRACE_RECORDER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/bits.h"
#include "trace/state.h"

/* NULL unless there is a recorder; in memory that the kernel clears in a forked child, where the
 * mapping is missing. */
extern _Atomic uint32_t *recorder_switch __attribute__((visibility("hidden")));

ALWAYS_INLINE bool recorder_on(void)
{
    return unlikely(recorder_switch != NULL) &&
           atomic_load_explicit(recorder_switch, memory_order_relaxed);
}

/* Makes the file in `directory` and begins to record. Not in a signal handler. 0 or -errno. */
int recorder_start(const char *directory, const struct trace_process *process);

/* The file is of no use any more: the process comes to an end that leaves another trace, or none.
 */
void recorder_stop(void);

/* In a forked child, before anything is recorded. */
void recorder_after_fork(void);

/* A block came to life, or is about to be freed. Only while recorder_on(). */
void recorder_add(const struct mmt_live *block);
void recorder_remove(uintptr_t address);

/* A stack that a record will name. */
void recorder_stack(uint32_t stack);

/* Appends records that `put` writes, at most 16 KiB of them. */
void recorder_append(void (*put)(struct trace_writer *writer, void *argument), void *argument);

/* A page of the file at `address` cannot be had (SIGBUS: the disk is full). True if it was ours:
 * recording is over, the access can be repeated. */
bool recorder_lost_page(uintptr_t address);

#endif
