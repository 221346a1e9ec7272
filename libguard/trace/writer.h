/* SPDX-License-Identifier: MIT
 *
 * Writing a trace (include/mmtrace.h) to a descriptor. Raw system calls only. The first error stops
 * all further writing and is what trace_finish() returns; the program is never harmed by a full
 * disk.
 */
#ifndef TRACE_WRITER_H
#define TRACE_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "mmtrace.h"

struct trace_writer {
    int fd;
    long error;
    uint64_t offset, records;
    uint64_t record_end; /* where the payload of the open record ends */
    size_t used;
    char buffer[16384];
};

/* Writes the file header. */
void trace_start(struct trace_writer *writer, int fd);

/* Goes on at `offset` of a file, behind other records; nothing is written before the buffer is full
 * or trace_flush(). */
void trace_resume(struct trace_writer *writer, int fd, uint64_t offset);

/* Writes out what was put so far. 0 or -errno of the first write that failed. */
long trace_flush(struct trace_writer *writer);

/* Opens a record with `length` bytes of payload, which trace_put() then supplies, and closes it
 * with its padding. */
void trace_open_record(struct trace_writer *writer, enum mmt_type type, uint64_t length);
void trace_put(struct trace_writer *writer, const void *data, size_t length);
void trace_close_record(struct trace_writer *writer);

/* A whole record whose texts follow the structure `fixed`: `texts[i]` is written at the offset that
 * `spans[i]`, a member of *fixed, receives. At most 8 texts. */
struct trace_bytes {
    const void *data;
    size_t length;
};
void trace_put_record(struct trace_writer *writer, enum mmt_type type, void *fixed, size_t size,
                      struct mmt_text *const *spans, const struct trace_bytes *texts, size_t count);

/* The end record. 0, or -errno of the first write that failed. Does not close the descriptor. */
long trace_finish(struct trace_writer *writer);

/* Creates a file in `directory` that becomes the trace when it is complete:
 * mmguard-<program>-<pid><tag>.mmg.part, mode 0600, never following or replacing anything that is
 * there; a number is put into the name if it is taken. The descriptor, with the path in `path`; or
 * -errno. */
int trace_create(const char *directory, const char *tag, char *path, size_t size);

/* Renames a file, which replaces nothing. 0 or -errno: -EEXIST if the name is taken. */
long trace_rename(const char *path, const char *name);

/* Gives the finished file its name without `.part`, which *path is changed to. 0 or -errno: -EEXIST
 * if the name is taken. */
long trace_publish(char *path);

/* Gives the finished file the name of an earlier one, whose place it takes; *path is changed to it.
 * 0 or -errno. */
long trace_replace(char *path, const char *earlier);

#endif
