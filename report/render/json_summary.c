/* SPDX-License-Identifier: MIT */
#include "render/json_output.h"

#include "model/catalog.h"
#include "query/totals.h"
#include "render/json_values.h"

#include <stdlib.h>

static json_t *json_summary_leaks(const struct totals *totals)
{
    json_t *leaks = json_object();
    for (uint32_t kind = 0; kind < MMT_LEAK_KINDS; kind++) {
        json_t *one = json_object();
        json_put_number(one, "bytes", totals->leak_bytes[kind]);
        json_put_number(one, "blocks", totals->leak_blocks[kind]);
        json_put(leaks, catalog_leak_kind(kind), one);
    }
    return leaks;
}

static json_t *json_summary_counters(const struct mmt_counters *counters)
{
    json_t *object = json_object();
    json_put_number(object, "allocations", counters->allocations);
    json_put_number(object, "frees", counters->frees);
    json_put_number(object, "bytes_allocated", counters->bytes_allocated);
    json_put_number(object, "blocks_live", counters->blocks_live);
    json_put_number(object, "bytes_live", counters->bytes_live);
    json_put_number(object, "blocks_unguarded", counters->blocks_unguarded);
    json_put_number(object, "own_bytes", counters->own_bytes);
    json_put_number(object, "findings", counters->findings);
    json_put_number(object, "findings_dropped", counters->findings_dropped);
    return object;
}

static json_t *json_summary_kinds(const struct totals *totals)
{
    json_t *kinds = json_object();
    for (uint32_t kind = 0; kind < TOTALS_ERROR_KINDS; kind++) {
        if (totals->recorded_kinds[kind] != 0) {
            json_put_number(kinds, catalog_error(kind)->slug, totals->recorded_kinds[kind]);
        }
    }
    return kinds;
}

static json_t *json_summary_notes(const struct profile *profile, uint32_t process)
{
    json_t *notes = json_array();
    for (size_t i = profile_first_note(profile, process);
         i < profile->notes.count && profile->notes.items[i].process == process; i++) {
        const struct note *note = &profile->notes.items[i];
        json_t *one = json_object();
        json_put_text(one, "severity", catalog_severity(note->severity));
        json_put_text(one, "text", note->text);
        json_array_append_new(notes, one);
    }
    return notes;
}

static const char *json_summary_leak_check(const struct process *process)
{
    if (!process->has_leak_check || process->leak_check.status == MMT_LEAK_NOT_RUN) {
        return "not run";
    }
    return process->leak_check.status == MMT_LEAK_DONE ? "done" : "failed";
}

static const char *json_summary_ending(const struct process *process)
{
    static const char *const names[] = {"unknown",    "exit",  "_exit",
                                        "quick_exit", "abort", "signal"};
    return process->ending < sizeof names / sizeof *names ? names[process->ending] : "unknown";
}

static json_t *json_summary_process(const struct profile *profile, uint32_t index,
                                    const struct totals *totals)
{
    const struct process *process = &profile->processes.items[index];
    json_t *object = json_object();
    json_put_text(object, "program", process->executable);
    json_put_text(object, "command", process->arguments);
    json_put_text(object, "directory", process->directory);
    json_put_number(object, "pid", process->pid);
    json_put_number(object, "parent_pid", process->parent_pid);
    json_put_bool(object, "forked", (process->flags & MMT_PROCESS_FORKED) != 0);
    json_put_text(object, "ending", json_summary_ending(process));
    if (process->status >= 0) {
        json_put_number(object, "status", (uint64_t)process->status);
    }
    json_put_text(object, "backend", process->backend);
    json_put_number(object, "start_time", process->start_time);
    json_put_number(object, "end_time", process->end_time);
    json_put_bool(object, "complete", !totals->incomplete);
    json_put_number(object, "errors", totals->errors);
    json_put(object, "errors_by_kind", json_summary_kinds(totals));
    json_put_text(object, "leak_check", json_summary_leak_check(process));
    if (totals->searched != 0) {
        json_put(object, "leaks", json_summary_leaks(totals));
    }
    if (process->has_counters) {
        json_put(object, "counters", json_summary_counters(&process->counters));
    }
    json_put(object, "notes", json_summary_notes(profile, index));
    return object;
}

void json_summary(FILE *out, const struct profile *profile)
{
    json_t *object = json_begin(profile, "summary");
    json_t *processes = json_array();
    struct totals *each = totals_by_process(profile);
    for (uint32_t i = 0; i < profile->processes.count; i++) {
        json_array_append_new(processes, json_summary_process(profile, i, &each[i]));
    }
    free(each);
    json_put(object, "processes", processes);
    struct totals totals;
    totals_sum(&totals, profile, TOTALS_ALL);
    json_t *total = json_object();
    json_put_number(total, "processes", totals.processes);
    json_put_number(total, "processes_searched", totals.searched);
    json_put_number(total, "errors", totals.errors);
    json_put(total, "leaks", json_summary_leaks(&totals));
    json_t *suppressed = json_object();
    json_put_number(suppressed, "errors", totals.suppressed_errors);
    json_put_number(suppressed, "blocks", totals.suppressed_blocks);
    json_put_number(suppressed, "bytes", totals.suppressed_bytes);
    json_t *builtin = json_object();
    json_put_number(builtin, "blocks", totals.builtin_blocks);
    json_put_number(builtin, "bytes", totals.builtin_bytes);
    json_put(suppressed, "builtin", builtin);
    json_put(total, "suppressed", suppressed);
    json_put(object, "total", total);
    json_finish(out, object);
}
