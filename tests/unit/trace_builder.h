/* SPDX-License-Identifier: MIT
 *
 * Makes traces for tests, record by record.
 */
#ifndef TESTS_UNIT_TRACE_BUILDER_H
#define TESTS_UNIT_TRACE_BUILDER_H

#include "mmtrace.h"

#include <stddef.h>
#include <stdint.h>

struct trace_builder {
    uint8_t *data;
    size_t size, capacity;
    uint64_t records;
    uint32_t stacks; /* ids given by builder_frame() */
};

/* Begins a trace with its header. */
void builder_init(struct trace_builder *builder);
void builder_free(struct trace_builder *builder);

/* Adds a record with any payload. */
void builder_record(struct trace_builder *builder, uint32_t type, const void *payload,
                    size_t length);

/* Each adds one record. */
void builder_process(struct trace_builder *builder, uint32_t pid, const char *executable,
                     const char *directory);
void builder_module(struct trace_builder *builder, uint32_t id, uint32_t flags, uint64_t bias,
                    const char *path, const void *build_id, size_t build_id_size);
void builder_thread(struct trace_builder *builder, uint32_t id, const char *name);
void builder_finding(struct trace_builder *builder, const struct mmt_finding *finding,
                     const char *call, const char *where);
void builder_leak_check(struct trace_builder *builder, uint32_t status);
void builder_leaks(struct trace_builder *builder, const struct mmt_leak *leaks, size_t count);
void builder_counters(struct trace_builder *builder, const struct mmt_counters *counters);
void builder_note(struct trace_builder *builder, uint32_t severity, const char *text);
void builder_end(struct trace_builder *builder);

/* Adds a stacks record with one frame and returns its id. `module` may have MMT_FRAME_ flags. */
uint32_t builder_frame(struct trace_builder *builder, uint32_t parent, uint32_t module,
                       uint64_t pc);

/* A whole trace with a record of every type: two modules, two threads, three stacks, a finding,
 * three leaks, a note. */
void builder_sample(struct trace_builder *builder);

#endif
