/* SPDX-License-Identifier: MIT
 *
 * JSON written as it comes, for outputs that may have millions of values. Outputs that people read
 * too are indented.
 */
#ifndef RENDER_JSONOUT_H
#define RENDER_JSONOUT_H

#include "render/view.h"

#include <stdio.h>

enum jsonout_layout {
    JSONOUT_LINES, /* compact, with a new line where jsonout_line() says */
    JSONOUT_INDENTED, /* a line for each member and each element */
};

struct jsonout {
    FILE *out;
    char *bytes; /* not written yet */
    size_t used;
    bool comma; /* the next value is not the first of its object or array */
    bool indented, after_key;
    unsigned depth; /* objects and arrays that are open */
};

void jsonout_init(struct jsonout *json, FILE *out, enum jsonout_layout layout);

/* Writes what is left, and a newline. */
void jsonout_finish(struct jsonout *json);

/* '{', '[' and their ends. */
void jsonout_open(struct jsonout *json, char bracket);
void jsonout_close(struct jsonout *json, char bracket);

/* With JSONOUT_LINES: a newline before the next value. */
void jsonout_line(struct jsonout *json);

/* The name of the next value; plain ASCII without anything to escape. */
void jsonout_key(struct jsonout *json, const char *key);

void jsonout_number(struct jsonout *json, uint64_t number); /* 2^63 - 1 at most */
void jsonout_change(struct jsonout *json, uint64_t before, uint64_t after);
void jsonout_bool(struct jsonout *json, bool value);
void jsonout_null(struct jsonout *json);
void jsonout_text(struct jsonout *json, const char *text); /* of any bytes; see util/escape.h */

/* part / whole with six decimals at most; 0 of nothing. */
void jsonout_share(struct jsonout *json, uint64_t part, uint64_t whole);

/* Members. Texts that are NULL or empty and a line that is 0 are left out. */
void jsonout_put_number(struct jsonout *json, const char *key, uint64_t number);
void jsonout_put_text(struct jsonout *json, const char *key, const char *text);
void jsonout_put_bool(struct jsonout *json, const char *key, bool value);
void jsonout_put_address(struct jsonout *json, const char *key, uint64_t address);

void jsonout_put_hash(struct jsonout *json, const char *key, uint64_t hash);

/* A member that is an object or an array, and stays open. */
void jsonout_open_member(struct jsonout *json, const char *key, char bracket);

/* What every output begins with; its object stays open. */
void jsonout_begin(struct jsonout *json, const struct view *view, enum jsonout_layout layout,
                   const char *command);

#endif
