/* SPDX-License-Identifier: MIT
 *
 * Lists that people write, read line by line.
 */
#ifndef LOAD_TEXTFILE_H
#define LOAD_TEXTFILE_H

#include "util/failure.h"

#include <stddef.h>
#include <stdint.h>

struct textfile {
    const char *name;
    char *text; /* terminated */
    size_t length, next;
    uint32_t line; /* number of the line that was read last */
    struct failure *failure;
};

/* Reads a regular file of 16 MiB at most; /dev/null is empty. Returns false with `failure` set.
 * `path` must live as long as the file. In any case to be released with textfile_close(). */
bool textfile_open(struct textfile *file, const char *path, struct failure *failure);

/* The same for a text in memory, which is copied. */
void textfile_open_text(struct textfile *file, const char *name, const char *text, size_t length,
                        struct failure *failure);

/* The next line without blanks at both ends, to be changed by the caller at will; NULL at the end,
 * and with `failure` set at a line with a zero byte. */
char *textfile_line(struct textfile *file);

void textfile_close(struct textfile *file);

#endif
