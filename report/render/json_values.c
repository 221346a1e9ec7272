/* SPDX-License-Identifier: MIT */
#include "render/json_values.h"

#include "query/totals.h"
#include "util/escape.h"
#include "util/xalloc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void json_put(json_t *object, const char *key, json_t *value)
{
    if (value == NULL || json_object_set_new(object, key, value) != 0) {
        fputs("mmreport: out of memory\n", stderr);
        exit(2);
    }
}

void json_put_number(json_t *object, const char *key, uint64_t number)
{
    json_put(object, key, json_integer(number > INT64_MAX ? INT64_MAX : (json_int_t)number));
}

void json_put_text(json_t *object, const char *key, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        char *safe = escape_text(text, strlen(text));
        json_put(object, key, json_string(safe));
        free(safe);
    }
}

void json_put_address(json_t *object, const char *key, uint64_t address)
{
    char text[24];
    snprintf(text, sizeof text, "0x%" PRIx64, address);
    json_put(object, key, json_string(text));
}

void json_put_bool(json_t *object, const char *key, bool value)
{
    json_put(object, key, json_boolean(value));
}

json_t *json_frame(const struct profile *profile, const struct callpath_entry *entry)
{
    json_t *object = json_object();
    const struct frame *frame = &profile->frames.items[entry->frame];
    if (entry->frame == 0) {
        json_put_bool(object, "cut", true);
        return object;
    }
    const struct symbol *symbol = entry->symbol;
    if (symbol != NULL) {
        json_put_text(object, "function", symbol->function);
        json_put_text(object, "file", symbol->file);
        if (symbol->line != 0) {
            json_put_number(object, "line", symbol->line);
        }
        if (symbol->column != 0) {
            json_put_number(object, "column", symbol->column);
        }
    }
    json_put_bool(object, "inlined", symbol != NULL && symbol->inlined);
    json_put_text(object, "module", profile->modules.items[frame->module].path);
    json_put_address(object, "address", frame->address);
    return object;
}

json_t *json_stack(const struct profile *profile, uint32_t stack, bool all_frames)
{
    json_t *array = json_array();
    struct callpath path = {0};
    callpath_expand(&path, profile, stack, all_frames);
    for (size_t i = 0; i < path.entries.count; i++) {
        json_array_append_new(array, json_frame(profile, &path.entries.items[i]));
    }
    callpath_free(&path);
    return array;
}

json_t *json_begin(const struct profile *profile, const char *command)
{
    struct totals totals;
    totals_sum(&totals, profile, TOTALS_ALL);
    json_t *object = json_object();
    json_put(object, "format", json_string("mmreport"));
    json_put(object, "version", json_integer(1));
    json_put(object, "command", json_string(command));
    json_put_bool(object, "complete", !totals.incomplete);
    return object;
}

void json_finish(FILE *out, json_t *object)
{
    json_dumpf(object, out, JSON_INDENT(1) | JSON_REAL_PRECISION(6));
    fputc('\n', out);
    json_decref(object);
}
