/* SPDX-License-Identifier: MIT */
#include "render/text_gate.h"

#include "model/catalog.h"
#include "render/framename.h"

#include <inttypes.h>
#include <string.h>

/* Programs that are named of one finding. */
#define TEXT_GATE_PROGRAMS 5

void text_gate_programs(struct textbuf *buffer, const struct profile *profile,
                        const struct issue *issue)
{
    size_t count = issue->processes.count;
    for (size_t i = 0; i < count && i < TEXT_GATE_PROGRAMS; i++) {
        const struct process *process = &profile->processes.items[issue->processes.items[i]];
        const char *name = profile_basename(process->executable);
        textbuf_put(buffer, i != 0 ? ", " : "");
        textbuf_put_escaped(buffer, name[0] != '\0' ? name : "an unknown program");
        textbuf_format(buffer, " (pid %" PRIu32 ")", process->pid);
    }
    if (count > TEXT_GATE_PROGRAMS)
        textbuf_format(buffer, " and %zu more", count - TEXT_GATE_PROGRAMS);
}

void text_gate_amount(struct textbuf *buffer, bool leak, uint64_t count, uint64_t bytes)
{
    if (leak) {
        style_put_amount(buffer, bytes, count);
    } else {
        style_put_number(buffer, count);
        textbuf_put(buffer, count == 1 ? " error" : " errors");
    }
}

static void text_gate_line(struct textbuf *buffer, const struct style *style,
                           const struct profile *profile, const struct gate_line *line)
{
    const struct issue *issue = line->issue;
    const struct baseline_entry *allowed = line->allowed;
    bool bad = line->status == GATE_NEW || line->status == GATE_GROWN;
    style_put(style, buffer, bad ? STYLE_RED : STYLE_DIM, gate_word(line->status));
    textbuf_put(buffer, " ");
    textbuf_put_escaped(buffer, issue != NULL ? issue->kind : allowed->kind);
    textbuf_format(buffer, " %016" PRIx64, issue != NULL ? issue->hash : allowed->fingerprint);
    if (issue != NULL) {
        textbuf_put(buffer, ": ");
        text_gate_amount(buffer, issue->leak, issue->count, issue->bytes);
    }
    if (line->status == GATE_GROWN) {
        textbuf_put(buffer, ", known: ");
        text_gate_amount(buffer, issue->leak, allowed->count, allowed->bytes);
    }
    textbuf_put(buffer, "\n    ");
    textbuf_put_escaped(buffer, issue != NULL ? issue->path : allowed->path);
    textbuf_put(buffer, "\n");
    if (bad) {
        if (issue->file != NULL) {
            textbuf_put(buffer, "    at ");
            framename_put_place(buffer, issue->file, issue->line, framename_directory(profile));
            textbuf_put(buffer, "\n");
        }
        textbuf_put(buffer, "    in ");
        text_gate_programs(buffer, profile, issue);
        textbuf_put(buffer, "\n");
    }
}

void text_gate(const struct view *view)
{
    const struct style *style = &view->style;
    const struct gate *gate = view->gate;
    const char *doubts = view->doubts;
    struct textbuf buffer = {0};
    textbuf_format(&buffer, "%zu new, ", gate->counts[GATE_NEW]);
    if (gate->counts[GATE_GROWN] != 0)
        textbuf_format(&buffer, "%zu grown, ", gate->counts[GATE_GROWN]);
    textbuf_format(&buffer, "%zu known, %zu fixed", gate->counts[GATE_KNOWN],
                   gate->counts[GATE_FIXED]);
    struct totals totals;
    totals_sum(&totals, view->profile, TOTALS_ALL);
    if (totals.suppressed_errors != 0 || totals.suppressed_blocks != 0) {
        textbuf_put(&buffer, "; suppressed: ");
        text_gate_amount(&buffer, false, totals.suppressed_errors, 0);
        textbuf_put(&buffer, ", ");
        text_gate_amount(&buffer, true, totals.suppressed_blocks, totals.suppressed_bytes);
        if (totals.builtin_blocks != 0) {
            textbuf_put(&buffer, " (built-in: ");
            text_gate_amount(&buffer, true, totals.builtin_blocks, totals.builtin_bytes);
            textbuf_put(&buffer, ")");
        }
    }
    if (gate->foreign != 0)
        textbuf_format(&buffer, "; left out, of the system only: %zu", gate->foreign);
    textbuf_put(&buffer, "\n");
    for (size_t i = 0; i < gate->lines.count; i++)
        if (gate->lines.items[i].status != GATE_KNOWN)
            text_gate_line(&buffer, style, view->profile, &gate->lines.items[i]);
    for (const char *next = doubts; *next != '\0';) {
        size_t length = strcspn(next, "\n");
        char *line = xalloc_text(next, length);
        textbuf_put(&buffer, "incomplete: ");
        textbuf_put_escaped(&buffer, line);
        textbuf_put(&buffer, "\n");
        free(line);
        next += length + (next[length] == '\n');
    }
    for (size_t i = 0; i < gate->violations.count; i++)
        textbuf_format(&buffer, "over the limit: %s\n", gate->violations.items[i]);
    bool failed = gate->violations.count != 0;
    if (failed && gate->could_leave != 0) {
        textbuf_format(
            &buffer,
            "%zu of the new ones are of programs and libraries of the system only; --own "
            "leaves them out\n",
            gate->could_leave);
    }
    textbuf_put(&buffer, "gate: ");
    style_put(style, &buffer, failed || *doubts != '\0' ? STYLE_RED : STYLE_BOLD,
              *doubts != '\0' ? "incomplete; this run proves nothing"
              : failed        ? "failed"
                              : "passed");
    textbuf_put(&buffer, "\n");
    style_flush(style, &buffer);
    textbuf_free(&buffer);
}
