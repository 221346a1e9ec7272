/* SPDX-License-Identifier: MIT
 *
 * The records about the process itself: program, modules, stacks, threads, notices.
 */
#ifndef TRACE_STATE_H
#define TRACE_STATE_H

#include "trace/selection.h"
#include "trace/writer.h"

/* How the process stands when a trace is written. */
struct trace_process {
    uint32_t flags; /* enum mmt_process_flags */
    uint32_t ending; /* enum mmt_ending */
    int32_t status;
    uint64_t start_time;
    const char *backend;
};

void trace_put_process(struct trace_writer *writer, const struct trace_process *process);
void trace_put_modules(struct trace_writer *writer);
/* Module `number`, 1 <= number <= modules_count(), which is `id` in this trace. */
void trace_put_module(struct trace_writer *writer, uint32_t number, uint32_t id);
/* The whole depot as it is at the call. */
void trace_put_stacks(struct trace_writer *writer);
/* The counters of those of the first `count` sites where the process itself allocated. `count` is
 * sites_count() from before selection_begin(). */
void trace_name_sites(struct selection *selection, uint32_t count);
void trace_put_sites(struct trace_writer *writer, const struct selection *selection,
                     uint32_t count);
/* One thread; nothing if there is none with this id. `creation_stack` is the stack's id in this
 * trace. */
void trace_put_thread(struct trace_writer *writer, uint32_t id, uint32_t creation_stack);
void trace_put_note(struct trace_writer *writer, uint32_t severity, const char *text);
void trace_put_notices(struct trace_writer *writer);

/* Some stacks only, with ids of their own from `next` on: ids[i] is replaced by the id that the
 * trace gives to stack ids[i]. The id that comes after those. */
uint32_t trace_put_some_stacks(struct trace_writer *writer, uint32_t *const *ids, size_t count,
                               uint32_t next);

#endif
