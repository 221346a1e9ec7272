/* SPDX-License-Identifier: MIT
 *
 * Writing the process's state to a trace: at its end, before it becomes another program, and on
 * request while it runs.
 */
#ifndef PROCESS_TRACE_FILE_H
#define PROCESS_TRACE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "leak/leak.h"
#include "trace/selection.h"
#include "trace/writer.h"

struct trace_file {
    const struct leak_result *leaks; /* NULL: nothing is said of leaks */
    uint32_t snapshot; /* number of the snapshot, from 1; 0: none */
    const char *label; /* of the snapshot; never NULL then */
    const char *earlier; /* path of the trace that this one takes the place of; "" for none */
    struct trace_writer writer;
    struct selection selection;
    char path[4096]; /* out: of the file; "" if there is none */
    bool lost; /* out: no file could be written */
};

/* `dir` as the option has it, made absolute with the directory the program started in, since it may
 * have changed it. */
void trace_file_directory(char *path, size_t size);

/* Whether that is the folder of a run under mmguard, which has returned; *directory is then it. */
bool trace_file_is_left(char *directory, size_t size);

/* The program is about to give up the right to make files: makes the trace's now. */
void trace_file_reserve(void);

/* Writes the trace into the directory the user chose; if that cannot be done, into memory, so that
 * at least the report is complete. The descriptor, or -1. The caller holds LOCK_REPORT. */
int trace_file_write(struct trace_file *saving);

#endif
