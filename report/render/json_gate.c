/* SPDX-License-Identifier: MIT */
#include "render/json_gate.h"

#include "render/json_values.h"
#include "util/escape.h"

#include <inttypes.h>
#include <string.h>

static json_t *json_gate_issue(const struct profile *profile, const struct issue *issue)
{
    char fingerprint[20];
    json_t *object = json_object(), *programs = json_array();
    snprintf(fingerprint, sizeof fingerprint, "%016" PRIx64, issue->hash);
    json_put_text(object, "fingerprint", fingerprint);
    json_put_text(object, "kind", issue->kind);
    json_put_number(object, "count", issue->count);
    json_put_number(object, "bytes", issue->bytes);
    json_put_text(object, "path", issue->path);
    json_put_text(object, "function", issue->function);
    json_put_text(object, "file", issue->file);
    if (issue->line != 0) {
        json_put_number(object, "line", issue->line);
    }
    json_put_text(object, "module", issue->module);
    for (size_t i = 0; i < issue->processes.count; i++) {
        const struct process *process = &profile->processes.items[issue->processes.items[i]];
        json_t *program = json_object();
        json_put_text(program, "program", process->executable);
        json_put_number(program, "pid", process->pid);
        json_array_append_new(programs, program);
    }
    json_put(object, "processes", programs);
    json_put(object, "stack", json_stack(profile, issue->stack, false));
    return object;
}

static json_t *json_gate_fixed(const struct baseline_entry *entry)
{
    /* Not called "fingerprint": a report that serves as a baseline must not bring back what is
     * gone. */
    char fingerprint[20];
    json_t *object = json_object();
    snprintf(fingerprint, sizeof fingerprint, "%016" PRIx64, entry->fingerprint);
    json_put_text(object, "was", fingerprint);
    json_put_text(object, "status", "fixed");
    json_put_text(object, "kind", entry->kind);
    json_put_number(object, "allowed_count", entry->count);
    json_put_number(object, "allowed_bytes", entry->bytes);
    json_put_text(object, "path", entry->path);
    return object;
}

void json_gate(FILE *out, const struct profile *profile, const struct gate *gate,
               const char *doubts)
{
    json_t *object = json_begin(profile, "gate");
    json_t *findings = json_array(), *violations = json_array(), *reasons = json_array();
    for (int status = GATE_NEW; status <= GATE_FIXED; status++) {
        json_put_number(object, gate_word(status), gate->counts[status]);
    }
    json_put_number(object, "left_out", gate->foreign);
    for (size_t i = 0; i < gate->lines.count; i++) {
        const struct gate_line *line = &gate->lines.items[i];
        json_t *one = line->issue != NULL ? json_gate_issue(profile, line->issue)
                                          : json_gate_fixed(line->allowed);
        if (line->issue != NULL) {
            json_put_text(one, "status", gate_word(line->status));
        }
        if (line->issue != NULL && line->allowed != NULL) {
            json_put_number(one, "allowed_count", line->allowed->count);
            json_put_number(one, "allowed_bytes", line->allowed->bytes);
        }
        json_array_append_new(findings, one);
    }
    for (size_t i = 0; i < gate->violations.count; i++) {
        json_array_append_new(violations, json_string(gate->violations.items[i]));
    }
    for (const char *next = doubts; *next != '\0';) {
        size_t length = strcspn(next, "\n");
        char *text = xalloc_text(next, length);
        char *safe = escape_text(text, length);
        json_array_append_new(reasons, json_string(safe));
        free(safe);
        free(text);
        next += length + (next[length] == '\n');
    }
    json_put_text(object, "verdict",
                  *doubts != '\0'               ? "incomplete"
                  : gate->violations.count != 0 ? "failed"
                                                : "passed");
    json_put(object, "violations", violations);
    json_put(object, "incomplete", reasons);
    json_put(object, "findings", findings);
    json_finish(out, object);
}

void json_issues(FILE *out, const struct profile *profile, const struct issues *issues)
{
    json_t *object = json_begin(profile, "export");
    json_t *findings = json_array();
    for (size_t i = 0; i < issues->items.count; i++) {
        json_array_append_new(findings, json_gate_issue(profile, &issues->items.items[i]));
    }
    json_put(object, "findings", findings);
    json_finish(out, object);
}
