/* SPDX-License-Identifier: MIT
 *
 * What a user asks to see of call paths, as regular expressions (POSIX extended) over names of
 * functions, source files and modules; an entry matches if one of its names does.
 */
#ifndef QUERY_PATHFILTER_H
#define QUERY_PATHFILTER_H

#include "query/callpath.h"
#include "util/failure.h"

#include <regex.h>

enum pathfilter_kind {
    PATHFILTER_FOCUS, /* only stacks with a match */
    PATHFILTER_IGNORE, /* no stacks with a match */
    PATHFILTER_HIDE, /* leave out entries that match */
    /* leave out the callers of the outermost match; stacks without one are left out */
    PATHFILTER_SHOW_FROM,
    PATHFILTER_KINDS
};

struct pathfilter {
    const char *texts[PATHFILTER_KINDS]; /* NULL: not asked for */
    regex_t expressions[PATHFILTER_KINDS];
};

/* Sets an expression; `text` must live as long as the filter. Returns false with `failure` set if
 * it is none. */
bool pathfilter_set(struct pathfilter *filter, enum pathfilter_kind kind, const char *text,
                    struct failure *failure);

void pathfilter_free(struct pathfilter *filter);

/* Whether any expression is set. */
bool pathfilter_used(const struct pathfilter *filter);

/* The expressions that an entry matches: bits 1 << enum pathfilter_kind. */
unsigned pathfilter_match(const struct pathfilter *filter, const struct profile *profile,
                          const struct callpath_entry *entry);

/* The same for any text. */
unsigned pathfilter_match_text(const struct pathfilter *filter, const char *text);

#endif
