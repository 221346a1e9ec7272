/* SPDX-License-Identifier: MIT
 *
 * Findings in the forms that other programs read. Each form is a file of its own, export_FORM.c.
 */
#ifndef EXPORTING_H
#define EXPORTING_H

#include "query/issues.h"
#include "util/failure.h"

#include <stdio.h>

enum exporting_format {
    EXPORTING_SARIF,
    EXPORTING_JUNIT,
    EXPORTING_GITHUB,
    EXPORTING_GITLAB,
    EXPORTING_VALGRIND_XML,
    EXPORTING_TAP,
    EXPORTING_MARKDOWN,
    EXPORTING_FOLDED,
    EXPORTING_JSON,
    EXPORTING_FORMATS
};

/* Their names, in that order, with NULL behind. */
extern const char *const exporting_names[];

struct exporting {
    const struct profile *profile;
    const struct issues *issues;
    const char *root; /* absolute; source files below it are named from there */
    const char *doubts; /* why the findings may not be all, one a line; "" if they are */
    unsigned kinds; /* of leaks: bits 1 << enum mmt_leak_kind */
};

/* The folder that source files are named from: `given` made absolute, or the one a CI service says,
 * or that of the repository around the working directory, or the working directory. To be released
 * with free(). */
char *exporting_root(const char *given);

/* Writes to the path (NULL: standard output) in one step. Of EXPORTING_VALGRIND_XML, "%p" in the
 * path makes a file for each process. Returns false with `failure` set. */
bool exporting_write(const struct exporting *exporting, enum exporting_format format,
                     const char *path, struct failure *failure);

#endif
