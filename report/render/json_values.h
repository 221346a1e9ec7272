/* SPDX-License-Identifier: MIT
 *
 * Pieces all JSON outputs are made of.
 */
#ifndef JSON_VALUES_H
#define JSON_VALUES_H

#include "model/profile.h"
#include "query/callpath.h"

#include <jansson.h>
#include <stdio.h>

/* Each sets a member of an object. Texts that are NULL or empty are left out. */
void json_put(json_t *object, const char *key, json_t *value);
void json_put_number(json_t *object, const char *key, uint64_t number);
void json_put_text(json_t *object, const char *key, const char *text);
void json_put_address(json_t *object, const char *key, uint64_t address);
void json_put_bool(json_t *object, const char *key, bool value);

/* A new object for one entry of a call path. */
json_t *json_frame(const struct profile *profile, const struct callpath_entry *entry);

/* A new array for a stack. */
json_t *json_stack(const struct profile *profile, uint32_t stack, bool all_frames);

/* A new object with what every output begins with. */
json_t *json_begin(const struct profile *profile, const char *command);

/* Writes the object and releases it. */
void json_finish(FILE *out, json_t *object);

#endif
