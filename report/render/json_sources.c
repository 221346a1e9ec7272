/* SPDX-License-Identifier: MIT */
#include "render/json_sources.h"

#include "render/sourcelines.h"
#include "util/escape.h"

#include <stdlib.h>
#include <string.h>

void json_sources_init(struct json_sources *sources, const struct style *style)
{
    *sources = (struct json_sources){
        .style = style,
        .wanted = style != NULL && style->source_lines != 0,
    };
}

static void json_sources_line(void *context, char *text, size_t length, uint32_t number)
{
    struct json_source *place = context;
    for (size_t i = 0; i < length; i++)
        text[i] = text[i] == '\t' ? ' ' : text[i];
    char *safe = escape_text(text, length);
    *VEC_PUSH(&place->lines) = (struct json_source_line){safe, number};
}

static bool json_sources_has(const struct json_sources *sources, const char *file, uint32_t line)
{
    for (size_t i = 0; i < sources->places.count; i++) {
        const struct json_source *place = &sources->places.items[i];
        if (place->line == line && strcmp(place->file, file) == 0)
            return true;
    }
    return false;
}

static void json_sources_free(struct json_source *place)
{
    for (size_t i = 0; i < place->lines.count; i++)
        free(place->lines.items[i].text);
    VEC_FREE(&place->lines);
    free(place->file);
}

void json_sources_add(struct json_sources *sources, const char *file, uint32_t line)
{
    if (!sources->wanted || file == NULL || json_sources_has(sources, file, line))
        return;
    struct json_source place = {.file = xalloc_text(file, strlen(file)), .line = line};
    if (sourcelines_read(sources->style, file, line, json_sources_line, &place))
        *VEC_PUSH(&sources->places) = place;
    else
        json_sources_free(&place);
}

void json_sources_write(struct json_sources *sources, struct jsonout *json)
{
    if (!sources->wanted)
        return;
    jsonout_open_member(json, "sources", '[');
    for (size_t i = 0; i < sources->places.count; i++) {
        struct json_source *place = &sources->places.items[i];
        jsonout_open(json, '{');
        jsonout_key(json, "file");
        jsonout_text(json, place->file);
        jsonout_put_number(json, "line", place->line);
        jsonout_open_member(json, "lines", '[');
        for (size_t line = 0; line < place->lines.count; line++) {
            jsonout_open(json, '{');
            jsonout_put_number(json, "line", place->lines.items[line].number);
            jsonout_key(json, "text");
            jsonout_text(json, place->lines.items[line].text);
            jsonout_close(json, '}');
        }
        jsonout_close(json, ']');
        jsonout_close(json, '}');
        json_sources_free(place);
    }
    jsonout_close(json, ']');
    VEC_FREE(&sources->places);
}
