/* SPDX-License-Identifier: MIT */
#include "render/json_output.h"

#include "model/catalog.h"
#include "query/totals.h"

#include <stdlib.h>

static void json_summary_leaks(struct jsonout *json, const struct totals *totals)
{
    jsonout_open_member(json, "leaks", '{');
    for (uint32_t kind = 0; kind < MMT_LEAK_KINDS; kind++) {
        jsonout_open_member(json, catalog_leak_kind(kind), '{');
        jsonout_put_number(json, "bytes", totals->leak_bytes[kind]);
        jsonout_put_number(json, "blocks", totals->leak_blocks[kind]);
        jsonout_close(json, '}');
    }
    jsonout_close(json, '}');
}

static void json_summary_counters(struct jsonout *json, const struct mmt_counters *counters)
{
    jsonout_open_member(json, "counters", '{');
    jsonout_put_number(json, "allocations", counters->allocations);
    jsonout_put_number(json, "frees", counters->frees);
    jsonout_put_number(json, "bytes_allocated", counters->bytes_allocated);
    jsonout_put_number(json, "blocks_live", counters->blocks_live);
    jsonout_put_number(json, "bytes_live", counters->bytes_live);
    jsonout_put_number(json, "blocks_unguarded", counters->blocks_unguarded);
    jsonout_put_number(json, "own_bytes", counters->own_bytes);
    jsonout_put_number(json, "findings", counters->findings);
    jsonout_put_number(json, "findings_dropped", counters->findings_dropped);
    jsonout_close(json, '}');
}

static void json_summary_kinds(struct jsonout *json, const struct totals *totals)
{
    jsonout_open_member(json, "errors_by_kind", '{');
    for (uint32_t kind = 0; kind < TOTALS_ERROR_KINDS; kind++)
        if (totals->recorded_kinds[kind] != 0)
            jsonout_put_number(json, catalog_error(kind)->slug, totals->recorded_kinds[kind]);
    jsonout_close(json, '}');
}

static void json_summary_notes(struct jsonout *json, const struct profile *profile,
                               uint32_t process)
{
    jsonout_open_member(json, "notes", '[');
    for (size_t i = profile_first_note(profile, process);
         i < profile->notes.count && profile->notes.items[i].process == process; i++) {
        const struct note *note = &profile->notes.items[i];
        jsonout_open(json, '{');
        jsonout_put_text(json, "severity", catalog_severity(note->severity));
        jsonout_put_text(json, "text", note->text);
        jsonout_close(json, '}');
    }
    jsonout_close(json, ']');
}

static const char *json_summary_leak_check(const struct process *process)
{
    if (!process->has_leak_check || process->leak_check.status == MMT_LEAK_NOT_RUN)
        return "not run";
    return process->leak_check.status == MMT_LEAK_DONE ? "done" : "failed";
}

static const char *json_summary_ending(const struct process *process)
{
    static const char *const names[] = {"unknown",    "exit",  "_exit",
                                        "quick_exit", "abort", "signal"};
    return process->ending < sizeof names / sizeof *names ? names[process->ending] : "unknown";
}

static void json_summary_process(struct jsonout *json, const struct profile *profile,
                                 uint32_t index, const struct totals *totals)
{
    const struct process *process = &profile->processes.items[index];
    jsonout_open(json, '{');
    jsonout_put_text(json, "program", process->executable);
    jsonout_put_text(json, "command", process->arguments);
    jsonout_put_text(json, "directory", process->directory);
    jsonout_put_number(json, "pid", process->pid);
    jsonout_put_number(json, "parent_pid", process->parent_pid);
    jsonout_put_bool(json, "forked", (process->flags & MMT_PROCESS_FORKED) != 0);
    jsonout_put_text(json, "ending", json_summary_ending(process));
    if (process->status >= 0)
        jsonout_put_number(json, "status", (uint64_t)process->status);
    jsonout_put_text(json, "backend", process->backend);
    jsonout_put_number(json, "start_time", process->start_time);
    jsonout_put_number(json, "end_time", process->end_time);
    jsonout_put_bool(json, "complete", !totals->incomplete);
    jsonout_put_number(json, "errors", totals->errors);
    json_summary_kinds(json, totals);
    jsonout_put_text(json, "leak_check", json_summary_leak_check(process));
    if (totals->searched != 0)
        json_summary_leaks(json, totals);
    if (process->has_counters)
        json_summary_counters(json, &process->counters);
    json_summary_notes(json, profile, index);
    jsonout_close(json, '}');
}

void json_summary(const struct view *view)
{
    const struct profile *profile = view->profile;
    struct jsonout json;
    jsonout_begin(&json, view, JSONOUT_INDENTED, "summary");
    struct totals *each = totals_by_process(profile);
    jsonout_open_member(&json, "processes", '[');
    for (uint32_t i = 0; i < profile->processes.count; i++)
        json_summary_process(&json, profile, i, &each[i]);
    jsonout_close(&json, ']');
    free(each);
    struct totals totals;
    totals_sum(&totals, profile, TOTALS_ALL);
    jsonout_open_member(&json, "total", '{');
    jsonout_put_number(&json, "processes", totals.processes);
    jsonout_put_number(&json, "processes_searched", totals.searched);
    jsonout_put_number(&json, "errors", totals.errors);
    json_summary_leaks(&json, &totals);
    jsonout_open_member(&json, "suppressed", '{');
    jsonout_put_number(&json, "errors", totals.suppressed_errors);
    jsonout_put_number(&json, "blocks", totals.suppressed_blocks);
    jsonout_put_number(&json, "bytes", totals.suppressed_bytes);
    jsonout_open_member(&json, "builtin", '{');
    jsonout_put_number(&json, "blocks", totals.builtin_blocks);
    jsonout_put_number(&json, "bytes", totals.builtin_bytes);
    jsonout_close(&json, '}');
    jsonout_close(&json, '}');
    jsonout_close(&json, '}');
    jsonout_close(&json, '}');
    jsonout_finish(&json);
}
