/* SPDX-License-Identifier: MIT */
#include "render/jsonout.h"

#include "query/totals.h"
#include "util/escape.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define JSONOUT_ROOM 65536

void jsonout_init(struct jsonout *json, FILE *out, enum jsonout_layout layout)
{
    *json = (struct jsonout){
        .out = out, .indented = layout == JSONOUT_INDENTED, .bytes = xalloc(JSONOUT_ROOM)};
}

static void jsonout_flush(struct jsonout *json)
{
    fwrite(json->bytes, 1, json->used, json->out);
    json->used = 0;
}

/* Room for `size` bytes, JSONOUT_ROOM at most; jsonout_advance() says where they end. */
static inline char *jsonout_room(struct jsonout *json, size_t size)
{
    if (size > JSONOUT_ROOM - json->used)
        jsonout_flush(json);
    return json->bytes + json->used;
}

static inline void jsonout_advance(struct jsonout *json, const char *end)
{
    json->used = (size_t)(end - json->bytes);
}

static void jsonout_bytes(struct jsonout *json, const char *bytes, size_t length)
{
    if (length > JSONOUT_ROOM) {
        jsonout_flush(json);
        fwrite(bytes, 1, length, json->out);
        return;
    }
    char *at = jsonout_room(json, length);
    memcpy(at, bytes, length);
    jsonout_advance(json, at + length);
}

static void jsonout_byte(struct jsonout *json, char byte)
{
    char *at = jsonout_room(json, 1);
    *at = byte;
    jsonout_advance(json, at + 1);
}

void jsonout_finish(struct jsonout *json)
{
    jsonout_byte(json, '\n');
    jsonout_flush(json);
    free(json->bytes);
}

static void jsonout_indent(struct jsonout *json)
{
    jsonout_byte(json, '\n');
    for (unsigned i = 0; i < json->depth; i++)
        jsonout_byte(json, ' ');
}

/* What comes before a value that is indented, and its comma. */
static void jsonout_separate(struct jsonout *json)
{
    if (json->after_key) {
        json->after_key = false;
        return;
    }
    if (json->comma) {
        jsonout_byte(json, ',');
        json->comma = false;
    }
    if (json->depth != 0)
        jsonout_indent(json);
}

static void jsonout_value(struct jsonout *json)
{
    if (json->indented)
        jsonout_separate(json);
    if (json->comma)
        jsonout_byte(json, ',');
    json->comma = true;
}

void jsonout_open(struct jsonout *json, char bracket)
{
    jsonout_value(json);
    jsonout_byte(json, bracket);
    json->comma = false;
    json->depth++;
}

void jsonout_close(struct jsonout *json, char bracket)
{
    json->depth--;
    if (json->indented && json->comma)
        jsonout_indent(json);
    jsonout_byte(json, bracket);
    json->comma = true;
}

void jsonout_line(struct jsonout *json)
{
    if (json->indented)
        return;
    if (json->comma) {
        jsonout_byte(json, ',');
        json->comma = false;
    }
    jsonout_byte(json, '\n');
}

/* A value, with the comma before it. */
static inline char *jsonout_comma(struct jsonout *json, char *at)
{
    if (json->comma)
        *at++ = ',';
    json->comma = true;
    return at;
}

void jsonout_key(struct jsonout *json, const char *key)
{
    size_t length = strlen(key);
    if (json->indented)
        jsonout_separate(json);
    char *at = jsonout_comma(json, jsonout_room(json, length + 5));
    *at++ = '"';
    memcpy(at, key, length);
    at += length;
    *at++ = '"';
    *at++ = ':';
    if (json->indented)
        *at++ = ' ';
    jsonout_advance(json, at);
    json->comma = false;
    json->after_key = json->indented;
}

static void jsonout_digits(struct jsonout *json, uint64_t number)
{
    char digits[24];
    size_t first = sizeof digits;
    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    char *at = jsonout_room(json, sizeof digits);
    memcpy(at, digits + first, sizeof digits - first);
    jsonout_advance(json, at + sizeof digits - first);
}

void jsonout_number(struct jsonout *json, uint64_t number)
{
    jsonout_value(json);
    jsonout_digits(json, number > INT64_MAX ? INT64_MAX : number);
}

void jsonout_change(struct jsonout *json, uint64_t before, uint64_t after)
{
    uint64_t change = before > after ? before - after : after - before;
    jsonout_value(json);
    jsonout_bytes(json, "-", before > after);
    jsonout_digits(json, change > INT64_MAX ? INT64_MAX : change);
}

void jsonout_bool(struct jsonout *json, bool value)
{
    jsonout_value(json);
    jsonout_bytes(json, value ? "true" : "false", value ? 4 : 5);
}

void jsonout_null(struct jsonout *json)
{
    jsonout_value(json);
    jsonout_bytes(json, "null", 4);
}

void jsonout_text(struct jsonout *json, const char *text)
{
    size_t length = strlen(text);
    if (!json->indented && length < JSONOUT_ROOM - 4 && escape_plain(text, length) == length) {
        char *at = jsonout_comma(json, jsonout_room(json, length + 4));
        *at++ = '"';
        memcpy(at, text, length);
        at += length;
        *at++ = '"';
        jsonout_advance(json, at);
        return;
    }
    char *safe = escape_text(text, length);
    jsonout_value(json);
    jsonout_byte(json, '"');
    /* The escaped text has no control characters. */
    for (const char *next = safe; *next != '\0';) {
        size_t plain = strcspn(next, "\"\\");
        jsonout_bytes(json, next, plain);
        next += plain;
        if (*next != '\0') {
            jsonout_byte(json, '\\');
            jsonout_byte(json, *next++);
        }
    }
    jsonout_byte(json, '"');
    free(safe);
}

void jsonout_share(struct jsonout *json, uint64_t part, uint64_t whole)
{
    uint32_t millionths =
        whole != 0 ? (uint32_t)(((unsigned __int128)part * 1000000 + whole / 2) / whole) : 0;
    char text[16] = "0.";
    jsonout_value(json);
    if (millionths == 0 || millionths >= 1000000) {
        jsonout_byte(json, millionths == 0 ? '0' : '1');
        return;
    }
    size_t length = 8;
    for (size_t i = 7; i >= 2; i--) {
        text[i] = (char)('0' + millionths % 10);
        millionths /= 10;
    }
    while (text[length - 1] == '0')
        length--;
    jsonout_bytes(json, text, length);
}

void jsonout_put_number(struct jsonout *json, const char *key, uint64_t number)
{
    jsonout_key(json, key);
    jsonout_number(json, number);
}

void jsonout_put_text(struct jsonout *json, const char *key, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        jsonout_key(json, key);
        jsonout_text(json, text);
    }
}

void jsonout_put_bool(struct jsonout *json, const char *key, bool value)
{
    jsonout_key(json, key);
    jsonout_bool(json, value);
}

void jsonout_put_address(struct jsonout *json, const char *key, uint64_t address)
{
    char digits[24];
    size_t at = sizeof digits;
    jsonout_key(json, key);
    jsonout_value(json);
    digits[--at] = '"';
    do {
        digits[--at] = "0123456789abcdef"[address & 15];
        address >>= 4;
    } while (address != 0);
    jsonout_bytes(json, "\"0x", 3);
    jsonout_bytes(json, digits + at, sizeof digits - at);
}

void jsonout_put_hash(struct jsonout *json, const char *key, uint64_t hash)
{
    char digits[20];
    snprintf(digits, sizeof digits, "%016" PRIx64, hash);
    jsonout_put_text(json, key, digits);
}

void jsonout_open_member(struct jsonout *json, const char *key, char bracket)
{
    jsonout_key(json, key);
    jsonout_open(json, bracket);
}

void jsonout_begin(struct jsonout *json, const struct view *view, enum jsonout_layout layout,
                   const char *command)
{
    struct totals totals;
    totals_sum(&totals, view->profile, TOTALS_ALL);
    jsonout_init(json, view->style.out, layout);
    jsonout_open(json, '{');
    jsonout_put_text(json, "format", "mmreport");
    jsonout_put_number(json, "version", 1);
    jsonout_put_text(json, "command", command);
    jsonout_put_bool(json, "complete", !totals.incomplete);
}
