/* SPDX-License-Identifier: MIT
 *
 * Findings in the forms that other programs read. Each form is a file of its own, export_FORM.c.
 */
#ifndef RENDER_EXPORTING_H
#define RENDER_EXPORTING_H

#include "render/view.h"
#include "util/failure.h"

enum exporting_format {
#define EXPORT_FORMAT(symbol, name, extension, writer, spread, parts, standard, help)              \
    EXPORTING_##symbol,
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

/* The folder that source files are named from: `given` made absolute, or the one a CI service says,
 * or that of the repository around the working directory, or the working directory. To be released
 * with free(). */
char *exporting_root(const char *given);

/* Whether the path can be written to. Returns false with `failure` set. */
bool exporting_check(enum exporting_format format, const char *path, struct failure *failure);

/* Writes a view to the path (NULL: standard output) in one step, whatever its style.out is; of a
 * form that is written per process,
 * "%p" in the path makes a file for each. Returns false with `failure` set. */
bool exporting_write(const struct view *view, enum exporting_format format, const char *path,
                     struct failure *failure);

#endif
