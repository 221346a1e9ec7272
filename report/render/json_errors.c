/* SPDX-License-Identifier: MIT */
#include "render/json_output.h"

#include "model/catalog.h"
#include "query/fingerprint.h"
#include "render/findingwords.h"
#include "render/json_sources.h"
#include "render/json_values.h"

#include <inttypes.h>

static void json_errors_thread(json_t *object, const struct profile *profile, uint32_t thread,
                               bool all_frames)
{
    if (thread != 0) {
        const struct thread *one = &profile->threads.items[thread];
        json_t *value = json_object();
        json_put_number(value, "id", one->id);
        json_put_number(value, "tid", one->tid);
        json_put_text(value, "name", one->name);
        if (one->creator != 0) {
            json_put_number(value, "creator", profile->threads.items[one->creator].id);
        }
        if (one->creation_stack != 0) {
            json_put(value, "created", json_stack(profile, one->creation_stack, all_frames));
        }
        json_put(object, "thread", value);
    }
}

static json_t *json_errors_event(const struct profile *profile, uint32_t function, uint32_t thread,
                                 uint32_t stack, bool all_frames)
{
    json_t *event = json_object();
    if (function != MMT_FUNCTION_NONE) {
        json_put_text(event, "function", catalog_function(function));
    }
    json_errors_thread(event, profile, thread, all_frames);
    json_put(event, "stack", json_stack(profile, stack, all_frames));
    return event;
}

static json_t *json_errors_block(const struct profile *profile, const struct mmt_finding *record,
                                 bool all_frames)
{
    json_t *block = json_object();
    json_put_address(block, "start", record->block_start);
    json_put_number(block, "size", record->block_size);
    json_put_number(block, "alignment", record->block_alignment);
    json_put_bool(block, "inherited", (record->flags & MMT_FINDING_INHERITED) != 0);
    json_put(block, "allocated",
             json_errors_event(profile, record->alloc_function, record->alloc_thread,
                               record->alloc_stack, all_frames));
    if ((record->flags & MMT_FINDING_FREED) != 0) {
        json_put(block, "freed",
                 json_errors_event(profile, record->free_function, record->free_thread,
                                   record->free_stack, all_frames));
    }
    return block;
}

static void json_errors_access(json_t *object, const struct finding *finding)
{
    const struct mmt_finding *record = &finding->record;
    if (record->direction == MMT_DIRECTION_NONE) {
        return;
    }
    json_t *access = json_object();
    json_put_text(access, "direction", record->direction == MMT_DIRECTION_WRITE ? "write" : "read");
    json_put_address(access, "start", finding->access_start);
    if (finding->access_size != 0) {
        json_put_number(access, "size", finding->access_size);
    }
    json_put(object, "access", access);
}

static void json_errors_fingerprint(json_t *object, const struct profile *profile,
                                    const struct mmt_finding *record)
{
    struct textbuf text = {0};
    char digits[20];
    fingerprint_put(&text, profile, catalog_error(record->kind)->slug,
                    record->stack != 0 ? record->stack : record->alloc_stack);
    snprintf(digits, sizeof digits, "%016" PRIx64, fingerprint_hash(textbuf_text(&text)));
    json_put_text(object, "fingerprint", digits);
    textbuf_free(&text);
}

static void json_errors_suppression(json_t *object, const struct profile *profile,
                                    const struct finding *finding)
{
    struct textbuf text = {0};
    findingwords_put_suppression(&text, profile, finding);
    json_put_text(object, "suppression", textbuf_text(&text));
    textbuf_free(&text);
}

static json_t *json_errors_finding(const struct profile *profile, const struct finding *finding,
                                   bool all_frames)
{
    const struct mmt_finding *record = &finding->record;
    const struct process *process = &profile->processes.items[finding->process];
    const struct catalog_error *error = catalog_error(record->kind);
    struct textbuf message = {0};
    json_t *object = json_object();
    json_put_number(object, "id", record->id);
    json_put_text(object, "program", process->executable);
    json_put_number(object, "pid", process->pid);
    json_put_text(object, "kind", error->slug);
    json_errors_fingerprint(object, profile, record);
    json_errors_suppression(object, profile, finding);
    json_put_text(object, "title", error->title);
    json_put_text(object, "meaning", error->meaning);
    json_put_number(object, "cwe", error->cwe);
    json_put_text(object, "severity", error->severity);
    findingwords_put(&message, finding);
    json_put(object, "message", json_string(textbuf_text(&message)));
    textbuf_free(&message);
    json_put_number(object, "count", record->count);
    json_put_number(object, "time", record->time);
    json_put_address(object, "address", record->address);
    json_errors_access(object, finding);
    if (record->function != MMT_FUNCTION_NONE) {
        json_put_text(object, "function", catalog_function(record->function));
        json_put_number(object, "requested", record->size);
    }
    json_put_text(object, "call", finding->call);
    json_put_text(object, "where", finding->where);
    json_errors_thread(object, profile, record->thread, all_frames);
    if (findingwords_at_end(finding) && record->kind == MMT_ERROR_SLACK_DAMAGE) {
        json_put_bool(object, "noticed_at_end", true);
    }
    json_put(object, "stack", json_stack(profile, record->stack, all_frames));
    if ((record->flags & MMT_FINDING_BLOCK) != 0) {
        json_put(object, "block", json_errors_block(profile, record, all_frames));
    }
    return object;
}

static void json_errors_stack_sources(struct json_sources *sources, const struct profile *profile,
                                      uint32_t stack, bool all_frames)
{
    struct callpath path = {0};
    callpath_expand(&path, profile, stack, all_frames);
    for (size_t i = 0; i < path.entries.count; i++) {
        const struct symbol *symbol = path.entries.items[i].symbol;
        if (symbol != NULL) {
            json_sources_add(sources, symbol->file, symbol->line);
        }
    }
    callpath_free(&path);
}

void json_errors(FILE *out, const struct profile *profile, bool all_frames,
                 const struct style *style)
{
    struct json_sources sources;
    json_sources_init(&sources, style);
    json_t *object = json_begin(profile, "errors");
    json_t *findings = json_array();
    for (size_t i = 0; i < profile->findings.count; i++) {
        json_array_append_new(
            findings, json_errors_finding(profile, &profile->findings.items[i], all_frames));
    }
    json_put(object, "findings", findings);
    for (size_t i = 0; sources.list != NULL && i < profile->findings.count; i++) {
        const struct mmt_finding *record = &profile->findings.items[i].record;
        json_errors_stack_sources(&sources, profile, record->stack, all_frames);
        json_errors_stack_sources(&sources, profile, record->alloc_stack, all_frames);
        json_errors_stack_sources(&sources, profile, record->free_stack, all_frames);
    }
    json_sources_put(&sources, object);
    json_finish(out, object);
}
