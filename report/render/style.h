/* SPDX-License-Identifier: MIT
 *
 * Where text goes and what it may look like there.
 */
#ifndef RENDER_STYLE_H
#define RENDER_STYLE_H

#include "elf/symsearch.h"
#include "util/textbuf.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum style_color { STYLE_COLOR_AUTO = 0, STYLE_COLOR_ALWAYS = 1, STYLE_COLOR_NEVER = 2 };

enum style_paint { STYLE_BOLD, STYLE_RED, STYLE_YELLOW, STYLE_DIM };

struct style {
    FILE *out;
    bool color;
    bool utf8; /* tree lines and ellipses; otherwise ASCII */
    unsigned width; /* columns of the terminal; 0: no limit */
    bool all_frames; /* in call stacks */
    bool full_names; /* nothing is left out of names of functions */
    unsigned source_lines; /* shown before and after a line; 0: none */
    const struct symsearch *search; /* where sources are; NULL: none are read */
};

/* Colours need a terminal and no NO_COLOR in the environment unless `color` says otherwise; UTF-8
 * needs a locale that was set by setlocale(). */
void style_init(struct style *style, FILE *out, int color);

/* Adds a text that is escaped already, painted if there are colours. */
void style_put(const struct style *style, struct textbuf *buffer, enum style_paint paint,
               const char *text);

/* Adds `text` (escaped, UTF-8) cut to `columns` with an ellipsis if it is longer; columns == 0: no
 * limit. */
void style_put_cut(const struct style *style, struct textbuf *buffer, const char *text,
                   size_t columns);

/* Columns that are left of a row of which `used` are taken, but enough to tell one name from
 * another; 0: no limit. */
size_t style_room(const struct style *style, size_t used);

/* Adds a number with a comma between groups of three digits. */
void style_put_number(struct textbuf *buffer, uint64_t number);

/* "1,600 bytes in 50 blocks", with the singular where it belongs. */
void style_put_amount(struct textbuf *buffer, uint64_t bytes, uint64_t blocks);

/* Adds nanoseconds as "0.52s", "12.4s", "3m07s", "5h12m" or "2d03h". */
void style_put_duration(struct textbuf *buffer, uint64_t nanoseconds);

/* Writes the text to style->out and empties it. */
void style_flush(const struct style *style, struct textbuf *buffer);

#endif
