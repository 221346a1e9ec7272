/* SPDX-License-Identifier: MIT */
#include "render/json_output.h"

#include "render/json_stacks.h"

#include <stdlib.h>
#include <string.h>

/* The members of an issue, in an object that is open. */
static void json_gate_issue(struct jsonout *json, const struct profile *profile,
                            const struct issue *issue)
{
    jsonout_put_hash(json, "fingerprint", issue->hash);
    jsonout_put_text(json, "kind", issue->kind);
    jsonout_put_number(json, "count", issue->count);
    jsonout_put_number(json, "bytes", issue->bytes);
    jsonout_put_text(json, "path", issue->path);
    jsonout_put_text(json, "function", issue->function);
    jsonout_put_text(json, "file", issue->file);
    if (issue->line != 0)
        jsonout_put_number(json, "line", issue->line);
    jsonout_put_text(json, "module", issue->module);
    jsonout_open_member(json, "processes", '[');
    for (size_t i = 0; i < issue->processes.count; i++) {
        const struct process *process = &profile->processes.items[issue->processes.items[i]];
        jsonout_open(json, '{');
        jsonout_put_text(json, "program", process->executable);
        jsonout_put_number(json, "pid", process->pid);
        jsonout_close(json, '}');
    }
    jsonout_close(json, ']');
    json_stack(json, "stack", profile, issue->stack, false);
}

static void json_gate_fixed(struct jsonout *json, const struct baseline_entry *entry)
{
    /* Not called "fingerprint": a report that serves as a baseline must not bring back what is
     * gone. */
    jsonout_put_hash(json, "was", entry->fingerprint);
    jsonout_put_text(json, "status", "fixed");
    jsonout_put_text(json, "kind", entry->kind);
    jsonout_put_number(json, "allowed_count", entry->count);
    jsonout_put_number(json, "allowed_bytes", entry->bytes);
    jsonout_put_text(json, "path", entry->path);
}

static void json_gate_line(struct jsonout *json, const struct profile *profile,
                           const struct gate_line *line)
{
    jsonout_open(json, '{');
    if (line->issue == NULL) {
        json_gate_fixed(json, line->allowed);
    } else {
        json_gate_issue(json, profile, line->issue);
        jsonout_put_text(json, "status", gate_word(line->status));
        if (line->allowed != NULL) {
            jsonout_put_number(json, "allowed_count", line->allowed->count);
            jsonout_put_number(json, "allowed_bytes", line->allowed->bytes);
        }
    }
    jsonout_close(json, '}');
}

void json_gate(const struct view *view)
{
    const struct gate *gate = view->gate;
    const char *doubts = view->doubts;
    struct jsonout json;
    jsonout_begin(&json, view, JSONOUT_INDENTED, "gate");
    for (int status = GATE_NEW; status <= GATE_FIXED; status++)
        jsonout_put_number(&json, gate_word(status), gate->counts[status]);
    jsonout_put_number(&json, "left_out", gate->foreign);
    jsonout_put_text(&json, "verdict",
                     *doubts != '\0'               ? "incomplete"
                     : gate->violations.count != 0 ? "failed"
                                                   : "passed");
    jsonout_open_member(&json, "violations", '[');
    for (size_t i = 0; i < gate->violations.count; i++)
        jsonout_text(&json, gate->violations.items[i]);
    jsonout_close(&json, ']');
    jsonout_open_member(&json, "incomplete", '[');
    for (const char *next = doubts; *next != '\0';) {
        size_t length = strcspn(next, "\n");
        char *text = xalloc_text(next, length);
        jsonout_text(&json, text);
        free(text);
        next += length + (next[length] == '\n');
    }
    jsonout_close(&json, ']');
    jsonout_open_member(&json, "findings", '[');
    for (size_t i = 0; i < gate->lines.count; i++)
        json_gate_line(&json, view->profile, &gate->lines.items[i]);
    jsonout_close(&json, ']');
    jsonout_close(&json, '}');
    jsonout_finish(&json);
}

void json_issues(const struct view *view)
{
    const struct issues *issues = view->issues;
    struct jsonout json;
    jsonout_begin(&json, view, JSONOUT_INDENTED, "export");
    jsonout_open_member(&json, "findings", '[');
    for (size_t i = 0; i < issues->items.count; i++) {
        jsonout_open(&json, '{');
        json_gate_issue(&json, view->profile, &issues->items.items[i]);
        jsonout_close(&json, '}');
    }
    jsonout_close(&json, ']');
    jsonout_close(&json, '}');
    jsonout_finish(&json);
}
