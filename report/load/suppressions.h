/* SPDX-License-Identifier: MIT
 *
 * Reads lists of suppressions. A list may mix three forms, told apart line by line:
 *
 *     leak:PATTERN                      as LeakSanitizer has it
 *     KIND:FUNCTION < CALLER  # until YYYY-MM-DD, REASON
 *                                       as the reports print it; KIND is the slug of an error, a
 * kind of leak, or "any" { NAME  Memcheck:KIND  fun:... }  as Valgrind has it, over several lines
 *
 * Empty lines and lines that begin with '#' say nothing.
 */
#ifndef LOAD_SUPPRESSIONS_H
#define LOAD_SUPPRESSIONS_H

#include "model/suppression.h"
#include "util/failure.h"
#include "util/textbuf.h"

#include <stddef.h>

/* Adds the rules of a file. Returns false with `failure` set, which names file and line. */
bool suppressions_read(struct suppressions *suppressions, const char *path,
                       struct failure *failure);

/* The same for a text in memory; `name` stands for its file. */
bool suppressions_parse(struct suppressions *suppressions, const char *name, const char *text,
                        size_t length, struct failure *failure);

/* Most lines that a program's own list may have, and most bytes: anything may be in a trace. */
#define SUPPRESSIONS_PROGRAM_LINES 1024
#define SUPPRESSIONS_PROGRAM_BYTES 65536

/* Adds to `kept` the lines `leak:PATTERN` of what a program says is no leak, each with a newline:
 * suppressions_parse() takes them. Returns false if there was anything but such lines, comments and
 * empty lines, or too much. */
bool suppressions_of_program(struct textbuf *kept, const char *text, size_t length);

#endif
