/* SPDX-License-Identifier: MIT
 *
 * What the forms of exporting.h are made of.
 */
#ifndef RENDER_EXPORT_PARTS_H
#define RENDER_EXPORT_PARTS_H

#include "render/exporting.h"
#include "util/textbuf.h"

/* Each writes a whole document. */
#define EXPORT_FORMAT(symbol, name, extension, writer, spread, parts, standard, help)              \
    view_writer writer;
#include "render/exports.def"
#undef EXPORT_FORMAT

/* All escaped, for a form to escape further:
 * "heap buffer overflow (write) in fill_row", "definite leak from make_row" */
void export_put_title(struct textbuf *buffer, const struct issue *issue);

/* One sentence, which may have addresses and sizes. */
void export_put_message(struct textbuf *buffer, const struct view *view, const struct issue *issue);

/* All stacks of an issue as text, a line a frame, and the programs it was seen in. */
void export_put_details(struct textbuf *buffer, const struct view *view, const struct issue *issue);

/* The source file from the root, or as it is; not escaped. */
const char *export_file(const struct view *view, const char *file);

/* Where an issue is shown: its source file, else the name of its module; and a line, at least 1. */
const char *export_place(const struct view *view, const struct issue *issue, uint32_t *line);

/* The stacks of an issue, with what each is: "at", "allocated by malloc", "freed by free". */
struct export_stack {
    char what[64];
    uint32_t stack;
};
size_t export_stacks(struct export_stack stacks[3], const struct profile *profile,
                     const struct issue *issue);

/* "error", "warning" or "note". */
const char *export_level(const struct issue *issue);

/* Adds a text for XML, as content or between double quotes. What XML cannot hold becomes '?'. */
void export_put_xml(struct textbuf *buffer, const char *text);

#endif
