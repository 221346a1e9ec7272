/* SPDX-License-Identifier: MIT
 *
 * Findings in the forms that other programs read. Each form is a file of its own, export_FORM.c.
 */
#ifndef RENDER_EXPORTING_H
#define RENDER_EXPORTING_H

#include "query/issues.h"
#include "util/failure.h"

#include <stdio.h>

enum exporting_format {
#define EXPORT_FORMAT(symbol, name, writer, spread, standard, help) EXPORTING_##symbol,
#include "render/exports.def"
#undef EXPORT_FORMAT
    EXPORTING_FORMATS
};

/* The rows of exports.def. */
struct export_format {
    const char *name;
    /* The file that mmguard's flag means without a value; NULL: it must have one. */
    const char *standard;
    const char *help;
};
extern const struct export_format exporting_formats[EXPORTING_FORMATS];

/* Their names, in that order, with NULL behind. */
extern const char *const exporting_names[];

struct exporting {
    const struct profile *profile;
    const struct issues *issues;
    const char *root; /* absolute; source files below it are named from there */
    const char *doubts; /* why the findings may not be all, one a line; "" if they are */
    unsigned kinds; /* of leaks: bits 1 << enum mmt_leak_kind */
    uint32_t process; /* findings of this one alone; EXPORTING_ALL: of all */
    bool arguments; /* those of programs are written as well */
};
#define EXPORTING_ALL UINT32_MAX

/* The folder that source files are named from: `given` made absolute, or the one a CI service says,
 * or that of the repository around the working directory, or the working directory. To be released
 * with free(). */
char *exporting_root(const char *given);

/* Whether the path can be written to. Returns false with `failure` set. */
bool exporting_check(enum exporting_format format, const char *path, struct failure *failure);

/* Writes to the path (NULL: standard output) in one step; of a form that is written per process,
 * "%p" in the path makes a file for each. Returns false with `failure` set. */
bool exporting_write(struct exporting *exporting, enum exporting_format format, const char *path,
                     struct failure *failure);

#endif
