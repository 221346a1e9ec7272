/* SPDX-License-Identifier: MIT
 *
 * Lines of the source around the one that matters.
 */
#ifndef RENDER_SOURCELINES_H
#define RENDER_SOURCELINES_H

#include "render/style.h"

/* Called for each line, without its newline; `text` may be changed. */
typedef void sourcelines_visitor(void *context, char *text, size_t length, uint32_t number);

/* Visits `style->source_lines` lines before and after `line` of `file`, and the line itself.
 * Returns false if no lines are wanted, or the file cannot be read or is shorter than that; some
 * lines may have been visited. */
bool sourcelines_read(const struct style *style, const char *file, uint32_t line,
                      sourcelines_visitor *visit, void *context);

/* Adds `style->source_lines` lines before and after `line` of `file`, each with its number, the
 * line itself marked with '>', behind `indent` spaces. Adds nothing if no lines are wanted, or the
 * file cannot be read or is older or shorter than that. */
void sourcelines_put(struct textbuf *buffer, const struct style *style, const char *file,
                     uint32_t line, unsigned indent);

#endif
