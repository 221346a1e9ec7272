/* SPDX-License-Identifier: MIT
 *
 * What of the process's stacks, modules and threads goes into a trace: what its records name. All
 * records are gone through twice: to name what they will need, and to write them with the ids that
 * it got in between.
 *
 * Of a forked process, whose tables begin as a copy of its parent's, this is what it did itself.
 */
#ifndef TRACE_SELECTION_H
#define TRACE_SELECTION_H

#include <stdint.h>

#include "trace/writer.h"

/* Some of the ids from 1 to `limit`, in their order. */
struct selection_ids {
    uint64_t *chosen; /* a bit an id */
    uint32_t *before; /* how many are chosen in the words before */
    uint32_t limit, count;
};

struct selection {
    struct selection_ids stacks, modules, threads;
    void *memory; /* NULL: there was none; everything is written, under the ids of the process */
    size_t memory_size;
};

/* Nothing is named yet but the threads that began in this process. What comes into being afterwards
 * cannot be named any more. */
void selection_begin(struct selection *selection);
void selection_end(struct selection *selection);

/* A record will name this stack, or this thread. */
void selection_name_stack(struct selection *selection, uint32_t stack);
void selection_name_thread(struct selection *selection, uint32_t thread);

/* All is named: gives the ids. */
void selection_number(struct selection *selection);

/* The id in the trace of a stack of the process; 0 if it was not named. */
uint32_t selection_stack(const struct selection *selection, uint32_t stack);

/* Records for what is named. Threads have the same ids in the trace as in the process. */
void selection_put_modules(const struct selection *selection, struct trace_writer *writer);
void selection_put_stacks(const struct selection *selection, struct trace_writer *writer);
void selection_put_threads(const struct selection *selection, struct trace_writer *writer);

#endif
