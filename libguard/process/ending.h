/* SPDX-License-Identifier: MIT
 *
 * What is done when a process ends under our control, and at a leak check or a snapshot before
 * that.
 */
#ifndef PROCESS_ENDING_H
#define PROCESS_ENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "leak/leak.h"
#include "mmtrace.h"

/* How the calling thread came here, which says what of its stack and registers is the program's. */
struct ending_caller {
    /* Above this the stack is the program's, below it only remains of finished calls are left;
     * 0: unknown. */
    uintptr_t frame;
    const void *context; /* or, in a signal handler, its ucontext_t */
};

/* The last thing a process does under our control: leak check, trace, report. With neither member
 * of `caller` set, what lives is listed, without looking for leaks. The second time it waits until
 * the first is through; in a vfork child, which borrows its parent's memory, it does nothing.
 * Returns true if there are findings (errors, or leaks of the kinds that count). */
bool ending_finish(enum mmt_ending ending, int status, struct ending_caller caller);

/* After ending_finish(), right before the process is gone: the trace gets what was reported since,
 * and nothing is reported any more. The status to end with, which is that of findings in place of
 * 0.
 */
int ending_seal(int status);

/* The same where the process may yet go on for a while. */
void ending_catch_up(void);

/* The same right before the process is gone in another way. */
void ending_last(void);

/* Writes the trace, then raises SIGABRT. */
_Noreturn void ending_abort(void);

/* Whether the calling thread is in ending_finish(), or was: what it reports now needs no other end.
 */
bool ending_in_this_thread(void);

/* The process is about to become another program. Saves and reports as ending_finish(), and nothing
 * if a fork left the process with no block of its own. */
void ending_before_exec(struct ending_caller caller);
/* The exec failed: what was saved is taken back, and the process will have an end. */
void ending_exec_failed(void);

/* Looks for leaks now and reports them as at the end. True if there are any of the kinds that
 * count. `last`: the end will not look again, but repeat the outcome. */
bool ending_check_now(uintptr_t frame, bool last);

/* Saves the state in a trace of its own, with the leaks; `label` is at most 255 bytes and becomes
 * part of it. 0 or -errno. The path is copied to `path`, cut to `size`. */
int ending_snapshot(const char *label, struct ending_caller caller, char *path, size_t size);

/* In a forked child: it has an end of its own. */
void ending_after_fork(void);

#endif
