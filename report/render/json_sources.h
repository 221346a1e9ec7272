/* SPDX-License-Identifier: MIT
 *
 * Source lines in JSON: a list of the places that the text shows lines of.
 */
#ifndef JSON_SOURCES_H
#define JSON_SOURCES_H

#include "render/jsonout.h"
#include "render/style.h"

#include <jansson.h>

struct json_sources {
    const struct style *style; /* how many lines, and where files are */
    json_t *list; /* NULL: nothing is wanted */
};

/* Begins a list; it is empty for good if no source lines are wanted. */
void json_sources_init(struct json_sources *sources, const struct style *style);

/* Adds a place once, if its file can be read. */
void json_sources_add(struct json_sources *sources, const char *file, uint32_t line);

/* Ends the list: the member "sources" of an object, if source lines are wanted. */
void json_sources_put(struct json_sources *sources, json_t *object);
void json_sources_write(struct json_sources *sources, struct jsonout *json);

#endif
