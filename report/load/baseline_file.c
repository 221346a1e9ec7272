/* SPDX-License-Identifier: MIT */
#include "load/baseline_file.h"

#include "load/textfile.h"
#include "mmtrace.h"
#include "model/catalog.h"
#include "util/wholefile.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Levels of JSON that are looked into. */
#define DEEPEST 64

static bool baseline_number(const char *text, int base, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull(text, &end, base);
    return errno == 0 && *end == '\0' && strspn(text, "0123456789abcdef") == strlen(text) &&
           *text != '\0';
}

/* Before the path of a finding of the system only, and before what a baseline was made with. */
#define BASELINE_SYSTEM "(system)"
#define BASELINE_SCOPE  "# made with:"

static bool baseline_kind(const char *word, size_t length, unsigned *kinds)
{
    for (uint32_t kind = 0; kind < MMT_LEAK_KINDS; kind++) {
        const char *name = catalog_leak_kind(kind);
        if (strlen(name) == length && memcmp(name, word, length) == 0) {
            *kinds |= 1u << kind;
            return true;
        }
    }
    return length == strlen("none") && memcmp(word, "none", length) == 0;
}

static bool baseline_comment(struct baseline *baseline, const struct textfile *file, char *line)
{
    if (strncmp(line, BASELINE_SCOPE, strlen(BASELINE_SCOPE)) != 0)
        return true;
    char *rest = NULL;
    struct baseline_scope scope = {.known = true};
    bool has_kinds = false, good = true;
    for (char *word = strtok_r(line + strlen(BASELINE_SCOPE), " ", &rest); word != NULL && good;
         word = strtok_r(NULL, " ", &rest)) {
        if (strcmp(word, "--own") == 0) {
            scope.own = true;
            continue;
        }
        good = strncmp(word, "--kind=", strlen("--kind=")) == 0;
        has_kinds |= good;
        for (const char *next = word + strlen("--kind="); good && *next != '\0';) {
            size_t length = strcspn(next, ",");
            good = baseline_kind(next, length, &scope.kinds);
            next += length + (next[length] == ',');
        }
    }
    if (!good || !has_kinds) {
        return failure_set(file->failure, "%s:%u: not what a baseline is made with", file->name,
                           file->line);
    }
    baseline->scope = scope;
    return true;
}

static void baseline_put_scope(const struct baseline_scope *scope, FILE *out)
{
    if (!scope->known)
        return;
    const char *separator = "";
    fputs(BASELINE_SCOPE " --kind=", out);
    for (uint32_t kind = 0; kind < MMT_LEAK_KINDS; kind++) {
        if ((scope->kinds >> kind & 1) != 0) {
            fprintf(out, "%s%s", separator, catalog_leak_kind(kind));
            separator = ",";
        }
    }
    fprintf(out, "%s%s\n", scope->kinds == 0 ? "none" : "", scope->own ? " --own" : "");
}

static bool baseline_line(struct baseline *baseline, const struct textfile *file, char *line)
{
    char *words[4], *rest = NULL;
    const char *const place = file->name;
    char *next = strtok_r(line, " ", &rest);
    for (int i = 0; i < 4; i++) {
        if (next == NULL) {
            return failure_set(file->failure, "%s:%u: not FINGERPRINT KIND COUNT BYTES PATH", place,
                               file->line);
        }
        words[i] = next;
        next = i < 3 ? strtok_r(NULL, " ", &rest) : NULL;
    }
    struct baseline_entry entry = {.kind = words[1],
                                   .path = rest != NULL ? rest + strspn(rest, " ") : ""};
    size_t mark = strlen(BASELINE_SYSTEM);
    if (strncmp(entry.path, BASELINE_SYSTEM, mark) == 0 && strchr(" ", entry.path[mark]) != NULL) {
        entry.system = true;
        entry.path += mark + strspn(entry.path + mark, " ");
    }
    if (strlen(words[0]) != 16 || !baseline_number(words[0], 16, &entry.fingerprint)) {
        return failure_set(file->failure, "%s:%u: '%s' is not a fingerprint of 16 hex digits",
                           place, file->line, words[0]);
    }
    if (!baseline_number(words[2], 10, &entry.count) ||
        !baseline_number(words[3], 10, &entry.bytes)) {
        return failure_set(file->failure, "%s:%u: '%s %s' is not a count and bytes", place,
                           file->line, words[2], words[3]);
    }
    if (baseline_find(baseline, entry.fingerprint) != 0) {
        return failure_set(file->failure, "%s:%u: fingerprint %s is there twice", place, file->line,
                           words[0]);
    }
    baseline_put(baseline, &entry);
    return true;
}

static uint64_t baseline_member(const json_t *object, const char *name)
{
    json_int_t value = json_integer_value(json_object_get(object, name));
    return value > 0 ? (uint64_t)value : 0;
}

static const char *baseline_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

/* `errors`: each object is one error, and its count is how often it was seen. */
static void baseline_walk(struct baseline *baseline, const json_t *value, bool errors,
                          unsigned depth)
{
    size_t index;
    const char *key;
    const json_t *inner;
    const char *text = json_string_value(json_object_get(value, "fingerprint"));
    struct baseline_entry entry;
    if (depth > DEEPEST)
        return;
    if (text != NULL && strlen(text) == 16 && baseline_number(text, 16, &entry.fingerprint)) {
        entry.kind = baseline_text(value, "kind");
        entry.path = baseline_text(value, "path");
        entry.count = baseline_member(value, "count");
        entry.bytes = baseline_member(value, "bytes");
        uint32_t known = errors ? baseline_find(baseline, entry.fingerprint) : 0;
        entry.count = !errors ? entry.count
                      : known ? baseline->entries.items[known - 1].count + 1
                              : 1;
        baseline_put(baseline, &entry);
    }
    json_array_foreach(value, index, inner)
    {
        baseline_walk(baseline, inner, errors, depth + 1);
    }
    json_object_foreach((json_t *)value, key, inner)
    {
        baseline_walk(baseline, inner, errors, depth + 1);
    }
}

static bool baseline_json(struct baseline *baseline, const struct textfile *file)
{
    json_error_t error;
    json_t *value = json_loadb(file->text, file->length, JSON_REJECT_DUPLICATES, &error);
    if (value == NULL)
        return failure_set(file->failure, "%s:%d: %s", file->name, error.line, error.text);
    const char *format = json_string_value(json_object_get(value, "format"));
    bool report = format != NULL && strcmp(format, "mmreport") == 0;
    bool known = json_object_get(value, "findings") != NULL ||
                 json_object_get(value, "fingerprints") != NULL;
    if (report && known) {
        bool errors = strcmp(baseline_text(value, "command"), "errors") == 0;
        baseline_walk(baseline, value, errors, 0);
    } else {
        failure_set(file->failure, "%s: JSON, but not a report with findings", file->name);
    }
    json_decref(value);
    return report && known;
}

bool baseline_read(struct baseline *baseline, const char *path, struct failure *failure)
{
    struct textfile file;
    bool good = textfile_open(&file, path, failure);
    if (good && file.text[strspn(file.text, " \t\r\n")] == '{') {
        good = baseline_json(baseline, &file);
    } else if (good) {
        for (char *line; good && (line = textfile_line(&file)) != NULL;) {
            good = *line == '\0'  ? true
                   : *line == '#' ? baseline_comment(baseline, &file, line)
                                  : baseline_line(baseline, &file, line);
        }
        good = good && failure->text == NULL;
    }
    textfile_close(&file);
    return good;
}

static int baseline_order(const void *left, const void *right)
{
    const struct baseline_entry *a = left, *b = right;
    int order = strcmp(a->kind, b->kind);
    order = order != 0 ? order : strcmp(a->path, b->path);
    return order != 0 ? order
                      : (a->fingerprint > b->fingerprint) - (a->fingerprint < b->fingerprint);
}

bool baseline_write(struct baseline *baseline, const char *path, struct failure *failure)
{
    if (baseline->entries.count != 0) {
        qsort(baseline->entries.items, baseline->entries.count, sizeof *baseline->entries.items,
              baseline_order);
    }
    struct wholefile file;
    if (!wholefile_open(&file, path, failure))
        return false;
    fputs("# Findings that are known, as mmreport baseline writes them: fingerprint, kind, most "
          "blocks or\n"
          "# errors, most bytes, functions from the innermost outwards.\n",
          file.out);
    baseline_put_scope(&baseline->scope, file.out);
    for (size_t i = 0; i < baseline->entries.count; i++) {
        const struct baseline_entry *entry = &baseline->entries.items[i];
        fprintf(file.out, "%016" PRIx64 " %s %" PRIu64 " %" PRIu64 "%s%s%s\n", entry->fingerprint,
                entry->kind, entry->count, entry->bytes, entry->system ? " " BASELINE_SYSTEM : "",
                entry->path[0] != '\0' ? " " : "", entry->path);
    }
    return wholefile_close(&file, failure);
}
