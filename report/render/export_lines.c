/* SPDX-License-Identifier: MIT
 *
 * Forms that are lines of text: GitHub's workflow commands, TAP, Markdown, folded stacks.
 */
#include "render/export_parts.h"
#include "render/text_gate.h"
#include "util/escape.h"
#include "util/regularfile.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Annotations of a step that GitHub shows. */
#define GITHUB_MOST 10

/* GitHub takes these signs for its own: '%' and line ends anywhere, ':' and ',' in properties. */
static void github_put(struct textbuf *buffer, const char *text, bool property)
{
    for (; *text != '\0'; text++)
        if (strchr("%\r\n", *text) != NULL || (property && strchr(":,", *text) != NULL))
            textbuf_format(buffer, "%%%02X", (unsigned char)*text);
        else
            textbuf_put_bytes(buffer, text, 1);
}

static void github_issue(struct textbuf *line, const struct view *view, const struct issue *issue)
{
    struct textbuf words = {0};
    const char *level = export_level(issue);
    uint32_t number;
    const char *place = export_place(view, issue, &number);
    textbuf_format(line, "::%s ", strcmp(level, "note") == 0 ? "notice" : level);
    if (issue->file != NULL) {
        char *safe = escape_text(place, strlen(place));
        textbuf_put(line, "file=");
        github_put(line, safe, true);
        textbuf_format(line, ",line=%" PRIu32 ",", number);
        free(safe);
    }
    textbuf_put(line, "title=");
    export_put_title(&words, issue);
    github_put(line, textbuf_text(&words), true);
    textbuf_put(line, "::");
    textbuf_clear(&words);
    export_put_message(&words, view, issue);
    textbuf_put(&words, "\n");
    export_put_details(&words, view, issue);
    github_put(line, textbuf_text(&words), false);
    textbuf_put(line, "\n");
    textbuf_free(&words);
}

void export_github(const struct view *view)
{
    size_t count = view->issues->items.count;
    const char *summary = getenv("GITHUB_STEP_SUMMARY");
    FILE *file =
        summary != NULL && *summary != '\0' && count != 0 ? regularfile_output(summary, "a") : NULL;
    struct textbuf line = {0};
    if (view->doubts[0] != '\0') {
        textbuf_put(&line, "::error title=mmguard%3A incomplete::");
        github_put(&line, view->doubts, false);
        textbuf_put(&line, "\n");
    }
    size_t most = GITHUB_MOST - (view->doubts[0] != '\0') - (count > GITHUB_MOST);
    for (size_t i = 0; i < count && i < most; i++)
        github_issue(&line, view, &view->issues->items.items[i]);
    if (count > most) {
        textbuf_format(&line, "::error title=mmguard::%zu more findings%s\n", count - most,
                       file != NULL ? " in the summary of the job" : "");
    }
    fputs(textbuf_text(&line), view->style.out);
    textbuf_free(&line);
    if (file != NULL) {
        struct view summed_up = *view;
        summed_up.style.out = file;
        export_markdown(&summed_up);
        fclose(file);
    }
}

/* In TAP a '#' begins a directive. */
static void tap_put(struct textbuf *buffer, const char *text)
{
    for (; *text != '\0'; text++) {
        textbuf_put(buffer, *text == '#' || *text == '\\' ? "\\" : "");
        textbuf_put_bytes(buffer, text, 1);
    }
}

/* Each line of a text behind "# ". */
static void tap_comment(struct textbuf *buffer, const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        textbuf_put(buffer, "# ");
        textbuf_put_bytes(buffer, text, length);
        textbuf_put(buffer, "\n");
        text += length + (text[length] == '\n');
    }
}

void export_tap(const struct view *view)
{
    struct textbuf text = {0}, words = {0};
    size_t count = view->issues->items.count;
    bool doubts = view->doubts[0] != '\0';
    textbuf_format(&text, "TAP version 13\n1..%zu\n", count + 1);
    textbuf_format(&text, "%s 1 - the record of the run is whole\n", doubts ? "not ok" : "ok");
    tap_comment(&text, view->doubts);
    for (size_t i = 0; i < count; i++) {
        const struct issue *issue = &view->issues->items.items[i];
        textbuf_format(&text, "not ok %zu - ", i + 2);
        textbuf_clear(&words);
        export_put_title(&words, issue);
        textbuf_put(&words, ": ");
        textbuf_put(&words, issue->path);
        tap_put(&text, textbuf_text(&words));
        textbuf_format(&text, " [%016" PRIx64 "]\n", issue->hash);
        textbuf_clear(&words);
        export_put_message(&words, view, issue);
        textbuf_put(&words, "\n");
        export_put_details(&words, view, issue);
        tap_comment(&text, textbuf_text(&words));
    }
    fputs(textbuf_text(&text), view->style.out);
    textbuf_free(&text);
    textbuf_free(&words);
}

/* Text for a cell of a table: nothing in it is Markdown or HTML. */
static void markdown_put(struct textbuf *buffer, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '<' || *text == '>' || *text == '&') {
            textbuf_put(buffer, *text == '<' ? "&lt;" : *text == '>' ? "&gt;" : "&amp;");
        } else {
            textbuf_put(buffer, strchr("\\`*_{}[]()#+!|~", *text) != NULL ? "\\" : "");
            textbuf_put_bytes(buffer, *text == '\n' ? " " : text, 1);
        }
    }
}

static void markdown_row(struct textbuf *text, const struct view *view, const struct issue *issue)
{
    struct textbuf words = {0};
    uint32_t line;
    const char *place = export_place(view, issue, &line);
    char *safe = escape_text(place, strlen(place));
    textbuf_put(text, "| ");
    markdown_put(text, issue->kind);
    textbuf_put(text, " | ");
    text_gate_amount(text, issue->leak, issue->count, issue->bytes);
    textbuf_put(text, " | ");
    markdown_put(text, safe);
    textbuf_format(text, ":%" PRIu32 " | ", line);
    markdown_put(text, issue->path);
    textbuf_put(text, " | ");
    text_gate_programs(&words, view->profile, issue);
    markdown_put(text, textbuf_text(&words));
    textbuf_format(text, " | %016" PRIx64 " |\n", issue->hash);
    textbuf_free(&words);
    free(safe);
}

void export_markdown(const struct view *view)
{
    struct textbuf text = {0};
    size_t count = view->issues->items.count;
    textbuf_format(&text, "### mmguard: %zu finding%s\n\n", count, count == 1 ? "" : "s");
    if (view->doubts[0] != '\0') {
        textbuf_put(&text, "**Incomplete**: ");
        markdown_put(&text, view->doubts);
        textbuf_put(&text, "\n\n");
    }
    if (count != 0) {
        textbuf_put(&text, "| kind | amount | where | path | programs | fingerprint |\n"
                           "| --- | --- | --- | --- | --- | --- |\n");
    }
    for (size_t i = 0; i < count; i++)
        markdown_row(&text, view, &view->issues->items.items[i]);
    fputs(textbuf_text(&text), view->style.out);
    textbuf_free(&text);
}

static void folded_put(struct textbuf *buffer, const struct profile *profile,
                       const struct callpath_entry *entry)
{
    const struct symbol *symbol = entry->symbol;
    uint32_t module = profile->frames.items[entry->frame].module;
    const char *name = entry->frame == 0 ? "(not recorded)"
                       : symbol != NULL && symbol->function != NULL
                           ? symbol->function
                           : profile_basename(profile->modules.items[module].path);
    char *safe = escape_text(name, strlen(name));
    for (char *at = safe; *at != '\0'; at++)
        *at = *at == ';' ? ':' : *at;
    textbuf_put(buffer, *safe != '\0' ? safe : "??");
    free(safe);
}

void export_folded(const struct view *view)
{
    const struct leakstacks *stacks = view->stacks;
    struct callpath path = {0};
    struct textbuf line = {0};
    for (size_t i = 0; i < stacks->items.count; i++) {
        callpath_expand(&path, view->profile, stacks->items.items[i].stack, false);
        for (size_t j = path.entries.count; j-- > 0;) {
            folded_put(&line, view->profile, &path.entries.items[j]);
            textbuf_put(&line, j != 0 ? ";" : "");
        }
        textbuf_put(&line, path.entries.count == 0 ? "(no stack)" : "");
        textbuf_format(&line, " %" PRIu64 "\n", stacks->items.items[i].bytes);
        fputs(textbuf_text(&line), view->style.out);
        textbuf_clear(&line);
    }
    callpath_free(&path);
    textbuf_free(&line);
}
