/* SPDX-License-Identifier: MIT */
#include "render/json_sources.h"

#include "render/sourcelines.h"
#include "util/escape.h"

#include <stdlib.h>
#include <string.h>

void json_sources_init(struct json_sources *sources, const struct style *style)
{
    bool wanted = style != NULL && style->source_lines != 0;
    *sources = (struct json_sources){style, wanted ? json_array() : NULL};
}

static void json_sources_line(void *context, char *text, size_t length, uint32_t number)
{
    json_t *lines = context, *line = json_object();
    for (size_t i = 0; i < length; i++) {
        text[i] = text[i] == '\t' ? ' ' : text[i];
    }
    char *safe = escape_text(text, length);
    json_object_set_new(line, "line", json_integer(number));
    json_object_set_new(line, "text", json_string(safe));
    json_array_append_new(lines, line);
    free(safe);
}

static bool json_sources_has(const struct json_sources *sources, const char *file, uint32_t line)
{
    size_t index;
    json_t *one;
    json_array_foreach(sources->list, index, one)
    {
        if (json_integer_value(json_object_get(one, "line")) == line &&
            strcmp(json_string_value(json_object_get(one, "file")), file) == 0) {
            return true;
        }
    }
    return false;
}

void json_sources_add(struct json_sources *sources, const char *file, uint32_t line)
{
    char *safe = sources->list != NULL && file != NULL ? escape_text(file, strlen(file)) : NULL;
    if (safe != NULL && !json_sources_has(sources, safe, line)) {
        json_t *lines = json_array(), *place = json_object();
        if (sourcelines_read(sources->style, file, line, json_sources_line, lines)) {
            json_object_set_new(place, "file", json_string(safe));
            json_object_set_new(place, "line", json_integer(line));
            json_object_set(place, "lines", lines);
            json_array_append(sources->list, place);
        }
        json_decref(lines);
        json_decref(place);
    }
    free(safe);
}

void json_sources_put(struct json_sources *sources, json_t *object)
{
    if (sources->list != NULL) {
        json_object_set_new(object, "sources", sources->list);
    }
}

void json_sources_write(struct json_sources *sources, struct jsonout *json)
{
    if (sources->list != NULL) {
        char *text = json_dumps(sources->list, JSON_COMPACT);
        jsonout_key(json, "sources");
        jsonout_raw(json, text);
        free(text);
        json_decref(sources->list);
    }
}
