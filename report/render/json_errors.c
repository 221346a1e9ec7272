/* SPDX-License-Identifier: MIT */
#include "render/json_output.h"

#include "model/catalog.h"
#include "query/fingerprint.h"
#include "render/findingwords.h"
#include "render/json_sources.h"
#include "render/json_stacks.h"

static void json_errors_thread(struct jsonout *json, const struct profile *profile, uint32_t thread,
                               bool all_frames)
{
    if (thread == 0)
        return;
    const struct thread *one = &profile->threads.items[thread];
    jsonout_open_member(json, "thread", '{');
    jsonout_put_number(json, "id", one->id);
    jsonout_put_number(json, "tid", one->tid);
    jsonout_put_text(json, "name", one->name);
    if (one->creator != 0)
        jsonout_put_number(json, "creator", profile->threads.items[one->creator].id);
    if (one->creation_stack != 0)
        json_stack(json, "created", profile, one->creation_stack, all_frames);
    jsonout_close(json, '}');
}

/* What happened to a block. */
struct json_errors_event {
    const char *key;
    uint32_t function, thread, stack;
};

static void json_errors_event(struct jsonout *json, const struct profile *profile,
                              const struct json_errors_event *event, bool all_frames)
{
    jsonout_open_member(json, event->key, '{');
    if (event->function != MMT_FUNCTION_NONE)
        jsonout_put_text(json, "function", catalog_function(event->function));
    json_errors_thread(json, profile, event->thread, all_frames);
    json_stack(json, "stack", profile, event->stack, all_frames);
    jsonout_close(json, '}');
}

static void json_errors_block(struct jsonout *json, const struct profile *profile,
                              const struct mmt_finding *record, bool all_frames)
{
    jsonout_open_member(json, "block", '{');
    jsonout_put_address(json, "start", record->block_start);
    jsonout_put_number(json, "size", record->block_size);
    jsonout_put_number(json, "alignment", record->block_alignment);
    jsonout_put_bool(json, "inherited", (record->flags & MMT_FINDING_INHERITED) != 0);
    const struct json_errors_event allocated = {"allocated", record->alloc_function,
                                                record->alloc_thread, record->alloc_stack};
    json_errors_event(json, profile, &allocated, all_frames);
    if ((record->flags & MMT_FINDING_FREED) != 0) {
        const struct json_errors_event freed = {"freed", record->free_function, record->free_thread,
                                                record->free_stack};
        json_errors_event(json, profile, &freed, all_frames);
    }
    jsonout_close(json, '}');
}

static void json_errors_access(struct jsonout *json, const struct finding *finding)
{
    const struct mmt_finding *record = &finding->record;
    if (record->direction == MMT_DIRECTION_NONE)
        return;
    jsonout_open_member(json, "access", '{');
    jsonout_put_text(json, "direction",
                     record->direction == MMT_DIRECTION_WRITE ? "write" : "read");
    jsonout_put_address(json, "start", finding->access_start);
    if (finding->access_size != 0)
        jsonout_put_number(json, "size", finding->access_size);
    jsonout_close(json, '}');
}

static void json_errors_fingerprint(struct jsonout *json, const struct profile *profile,
                                    const struct mmt_finding *record)
{
    struct textbuf text = {0};
    fingerprint_put(&text, profile, catalog_error(record->kind)->slug,
                    record->stack != 0 ? record->stack : record->alloc_stack);
    jsonout_put_hash(json, "fingerprint", fingerprint_hash(textbuf_text(&text)));
    textbuf_free(&text);
}

static void json_errors_suppression(struct jsonout *json, const struct profile *profile,
                                    const struct finding *finding)
{
    struct textbuf text = {0};
    findingwords_put_suppression(&text, profile, finding);
    jsonout_put_text(json, "suppression", textbuf_text(&text));
    textbuf_free(&text);
}

static void json_errors_message(struct jsonout *json, const struct finding *finding)
{
    struct textbuf message = {0};
    findingwords_put(&message, finding);
    jsonout_key(json, "message");
    jsonout_text(json, textbuf_text(&message));
    textbuf_free(&message);
}

static void json_errors_finding(struct jsonout *json, const struct profile *profile,
                                const struct finding *finding, bool all_frames)
{
    const struct mmt_finding *record = &finding->record;
    const struct process *process = &profile->processes.items[finding->process];
    const struct catalog_error *error = catalog_error(record->kind);
    jsonout_open(json, '{');
    jsonout_put_number(json, "id", record->id);
    jsonout_put_text(json, "program", process->executable);
    jsonout_put_number(json, "pid", process->pid);
    jsonout_put_text(json, "kind", error->slug);
    json_errors_fingerprint(json, profile, record);
    json_errors_suppression(json, profile, finding);
    jsonout_put_text(json, "title", error->title);
    jsonout_put_text(json, "meaning", error->meaning);
    jsonout_put_number(json, "cwe", error->cwe);
    jsonout_put_text(json, "severity", error->severity);
    json_errors_message(json, finding);
    jsonout_put_number(json, "count", record->count);
    jsonout_put_number(json, "time", record->time);
    jsonout_put_address(json, "address", record->address);
    json_errors_access(json, finding);
    if (record->function != MMT_FUNCTION_NONE) {
        jsonout_put_text(json, "function", catalog_function(record->function));
        jsonout_put_number(json, "requested", record->size);
    }
    jsonout_put_text(json, "call", finding->call);
    jsonout_put_text(json, "where", finding->where);
    json_errors_thread(json, profile, record->thread, all_frames);
    if (findingwords_at_end(finding) && record->kind == MMT_ERROR_SLACK_DAMAGE)
        jsonout_put_bool(json, "noticed_at_end", true);
    json_stack(json, "stack", profile, record->stack, all_frames);
    if ((record->flags & MMT_FINDING_BLOCK) != 0)
        json_errors_block(json, profile, record, all_frames);
    jsonout_close(json, '}');
}

static void json_errors_stack_sources(struct json_sources *sources, const struct profile *profile,
                                      uint32_t stack, bool all_frames)
{
    struct callpath path = {0};
    callpath_expand(&path, profile, stack, all_frames);
    for (size_t i = 0; i < path.entries.count; i++) {
        const struct symbol *symbol = path.entries.items[i].symbol;
        if (symbol != NULL)
            json_sources_add(sources, symbol->file, symbol->line);
    }
    callpath_free(&path);
}

void json_errors(const struct view *view)
{
    const struct profile *profile = view->profile;
    bool all_frames = view->style.all_frames;
    struct json_sources sources;
    json_sources_init(&sources, &view->style);
    struct jsonout json;
    jsonout_begin(&json, view, JSONOUT_INDENTED, "errors");
    jsonout_open_member(&json, "findings", '[');
    for (size_t i = 0; i < profile->findings.count; i++)
        json_errors_finding(&json, profile, &profile->findings.items[i], all_frames);
    jsonout_close(&json, ']');
    for (size_t i = 0; sources.wanted && i < profile->findings.count; i++) {
        const struct mmt_finding *record = &profile->findings.items[i].record;
        json_errors_stack_sources(&sources, profile, record->stack, all_frames);
        json_errors_stack_sources(&sources, profile, record->alloc_stack, all_frames);
        json_errors_stack_sources(&sources, profile, record->free_stack, all_frames);
    }
    json_sources_write(&sources, &json);
    jsonout_close(&json, '}');
    jsonout_finish(&json);
}
