/* SPDX-License-Identifier: MIT
 *
 * The findings of the process: told apart by kind and stacks, counted, reported once as text, and
 * kept for the trace.
 */
#ifndef DIAG_FINDINGS_H
#define DIAG_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mmtrace.h"
#include "trace/state.h"

struct findings_options {
    uint32_t limit; /* different findings kept; 0: as many as there is memory for */
    bool print, symbolize;
    const char *color; /* mmreport's flag for colours */
};
void findings_init(const struct findings_options *options);

/* Enters *finding, whose stacks, thread, kind and details are set; count and time are filled in
 * here. `call` and `where` may be NULL. If no finding with the same kind and stacks is there yet,
 * it is printed; otherwise it is counted. Sets its id, which is that of the earlier one if it is
 * counted, 0 if there is no room for more. Returns true if it was new. Signal-safe. Waits
 * for other threads' reports. Works on any stack with 1 KiB left. */
bool findings_enter(struct mmt_finding *finding, const char *call, const char *where,
                    const struct trace_process *process);

/* `observer`, NULL for none, is called for each new finding after its report, by the thread that
 * entered it, with no lock held. */
void findings_observe(void (*observer)(const struct mmt_finding *finding));
/* The same for the live file, before that. */
void findings_record(void (*recorder)(const struct mmt_finding *finding));

/* `keeper` is called for each new finding before it is printed, with LOCK_REPORT held. */
void findings_keep(void (*keeper)(uint32_t id));

/* What is in a trace that grows by one finding after the other. All zero in the beginning. */
struct findings_growth {
    uint32_t modules, stacks, threads;
    uint32_t thread[60];
};
/* The record of the finding with this id, behind those it needs that are not there yet. The caller
 * holds LOCK_REPORT. */
void findings_put_growing(struct trace_writer *writer, uint32_t id, struct findings_growth *growth);

/* One more wrong access to a block of which one was reported: counts the last finding about that
 * block or, if that was itself only counted, about a block with the same stacks of allocation and
 * free. */
void findings_count_again(const struct mmt_finding *finding);

/* One more occurrence of a certain finding; 0 is none. */
void findings_count(uint32_t id);

uint32_t findings_total(void); /* different ones that were kept */
uint64_t findings_dropped(void); /* different ones beyond the limit */

/* The record of the finding with this id, if there is one. */
void findings_put_one(struct trace_writer *writer, uint32_t id);

/* All records, for the trace at the end. */
void findings_name(struct selection *selection);
void findings_put(struct trace_writer *writer, const struct selection *selection);

/* In a forked child: the parent's findings are the parent's. */
void findings_after_fork(void);

/* Calls function(argument) on a stack of our own, which only one thread may use at a time: the
 * caller holds LOCK_REPORT. */
void findings_on_own_stack(void (*function)(void *argument), void *argument);

#endif
