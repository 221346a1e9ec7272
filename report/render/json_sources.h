/* SPDX-License-Identifier: MIT
 *
 * Source lines in JSON: a list of the places that the text shows lines of.
 */
#ifndef RENDER_JSON_SOURCES_H
#define RENDER_JSON_SOURCES_H

#include "render/jsonout.h"
#include "render/style.h"
#include "util/vec.h"

struct json_source_line {
    char *text;
    uint32_t number;
};

struct json_source {
    char *file;
    uint32_t line;
    VEC(struct json_source_line) lines;
};

struct json_sources {
    const struct style *style; /* how many lines, and where files are */
    bool wanted;
    VEC(struct json_source) places;
};

/* Begins a list; it is empty for good if no source lines are wanted. */
void json_sources_init(struct json_sources *sources, const struct style *style);

/* Adds a place once, if its file can be read. */
void json_sources_add(struct json_sources *sources, const char *file, uint32_t line);

/* Writes the member "sources", if source lines are wanted, and releases the list. */
void json_sources_write(struct json_sources *sources, struct jsonout *json);

#endif
