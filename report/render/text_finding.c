/* SPDX-License-Identifier: MIT */
#include "render/text_finding.h"

#include "model/catalog.h"
#include "query/callpath.h"
#include "render/findingwords.h"
#include "render/framename.h"
#include "render/sourcelines.h"

#include <inttypes.h>

/* `thread 2 "worker"`; nothing if the thread is not known. */
static void text_finding_thread(struct textbuf *buffer, const struct profile *profile,
                                const char *before, uint32_t thread)
{
    const struct thread *one = &profile->threads.items[thread];
    if (thread == 0)
        return;
    textbuf_format(buffer, "%sthread %" PRIu32, before, one->id);
    if (one->name[0] != '\0') {
        textbuf_put(buffer, " \"");
        textbuf_put_escaped(buffer, one->name);
        textbuf_put(buffer, "\"");
    }
}

/* A report that is being written. */
struct text_finding {
    struct textbuf buffer;
    const struct style *style;
    const struct profile *profile;
    const char *directory; /* of the process: source files below it are named from there */
};

static void text_finding_heading(struct text_finding *report, const char *text)
{
    textbuf_put(&report->buffer, "  ");
    style_put(report->style, &report->buffer, STYLE_BOLD, text);
    textbuf_put(&report->buffer, "\n");
}

static void text_finding_stack(struct text_finding *report, uint32_t stack)
{
    struct textbuf *buffer = &report->buffer;
    const struct style *style = report->style;
    const struct profile *profile = report->profile;
    struct callpath path = {0};
    bool shown = false; /* the source of the innermost function of the program */
    callpath_expand(&path, profile, stack, style->all_frames);
    for (size_t i = 0; i < path.entries.count; i++) {
        textbuf_format(buffer, "    #%zu ", i);
        framename_put_entry(buffer, style, profile, &path.entries.items[i], report->directory);
        textbuf_put(buffer, "\n");
        const struct symbol *symbol = path.entries.items[i].symbol;
        if (!shown && symbol != NULL && symbol->file != NULL &&
            (callpath_traits(profile, &path.entries.items[i]) & CALLPATH_SYSTEM) == 0) {
            sourcelines_put(buffer, style, symbol->file, symbol->line, 6);
            shown = true;
        }
    }
    if (path.entries.count == 0)
        textbuf_put(buffer, "    (no stack was recorded)\n");
    callpath_free(&path);
}

/* What happened to a block. */
struct text_finding_event {
    const char *what;
    uint32_t function, thread, stack;
};

/* "  allocated by malloc in thread 1 "demo" at", and the stack. */
static void text_finding_event(struct text_finding *report, const struct text_finding_event *event)
{
    struct textbuf heading = {0};
    textbuf_format(&heading, "%s by %s", event->what, catalog_function(event->function));
    text_finding_thread(&heading, report->profile, " in ", event->thread);
    textbuf_put(&heading, " at");
    text_finding_heading(report, textbuf_text(&heading));
    text_finding_stack(report, event->stack);
    textbuf_free(&heading);
}

static void text_finding_title(struct text_finding *report, const struct finding *finding)
{
    struct textbuf *buffer = &report->buffer;
    const struct profile *profile = report->profile;
    const struct process *process = &profile->processes.items[finding->process];
    textbuf_put(buffer, "mmguard: ");
    style_put(report->style, buffer, STYLE_RED, catalog_error(finding->record.kind)->slug);
    textbuf_put(buffer, " in ");
    textbuf_put_escaped(buffer, profile_basename(process->executable));
    textbuf_format(buffer, " (pid %" PRIu32, process->pid);
    text_finding_thread(buffer, profile, ", ", finding->record.thread);
    textbuf_put(buffer, ")\n  ");
}

static void text_finding_sentence(struct text_finding *report, const struct finding *finding)
{
    struct textbuf *buffer = &report->buffer;
    const struct catalog_error *error = catalog_error(finding->record.kind);
    struct textbuf sentence = {0};
    findingwords_put(&sentence, finding);
    style_put(report->style, buffer, STYLE_BOLD, textbuf_text(&sentence));
    if (error->cwe != 0)
        textbuf_format(buffer, " (CWE-%u)", error->cwe);
    textbuf_put(buffer, "\n");
    if ((finding->record.flags & MMT_FINDING_INHERITED) != 0)
        textbuf_put(buffer, "  the block was allocated by the parent process, before the fork\n");
    if (finding->record.count > 1)
        textbuf_format(buffer, "  seen %" PRIu64 " times\n", finding->record.count);
    textbuf_free(&sentence);
}

/* Where the threads that take part were created, each once. */
static void text_finding_threads(struct text_finding *report, const struct mmt_finding *record)
{
    const struct profile *profile = report->profile;
    uint32_t threads[] = {record->thread, record->alloc_thread, record->free_thread};
    for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
        const struct thread *thread = &profile->threads.items[threads[i]];
        bool shown = threads[i] == 0 || thread->creation_stack == 0;
        for (size_t k = 0; k < i; k++)
            shown |= threads[k] == threads[i];
        if (shown)
            continue;
        struct textbuf heading = {0};
        text_finding_thread(&heading, profile, "", threads[i]);
        textbuf_put(&heading, " created");
        text_finding_thread(&heading, profile, " by ", thread->creator);
        textbuf_put(&heading, " at");
        text_finding_heading(report, textbuf_text(&heading));
        text_finding_stack(report, thread->creation_stack);
        textbuf_free(&heading);
    }
}

static void text_finding_suppression(struct textbuf *buffer, const struct profile *profile,
                                     const struct finding *finding)
{
    struct textbuf rule = {0};
    findingwords_put_suppression(&rule, profile, finding);
    if (rule.bytes.count != 0)
        textbuf_format(buffer, "  suppress with: %s\n", textbuf_text(&rule));
    textbuf_free(&rule);
}

void text_finding(const struct view *view, const struct finding *finding)
{
    const struct mmt_finding *record = &finding->record;
    struct text_finding report = {
        .style = &view->style,
        .profile = view->profile,
        .directory = view->profile->processes.items[finding->process].directory,
    };
    text_finding_title(&report, finding);
    text_finding_sentence(&report, finding);
    text_finding_heading(&report, findingwords_stack_heading(finding));
    if (!findingwords_at_end(finding))
        text_finding_stack(&report, record->stack);
    if ((record->flags & MMT_FINDING_BLOCK) != 0) {
        text_finding_event(&report,
                           &(struct text_finding_event){"allocated", record->alloc_function,
                                                        record->alloc_thread, record->alloc_stack});
    }
    if ((record->flags & MMT_FINDING_FREED) != 0) {
        bool again = record->kind == MMT_ERROR_DOUBLE_FREE;
        text_finding_event(&report, &(struct text_finding_event){
                                        again ? "first freed" : "freed", record->free_function,
                                        record->free_thread, record->free_stack});
    }
    text_finding_threads(&report, record);
    text_finding_suppression(&report.buffer, view->profile, finding);
    style_flush(&view->style, &report.buffer);
    textbuf_free(&report.buffer);
}

void text_findings(const struct view *view)
{
    for (size_t i = 0; i < view->profile->findings.count; i++) {
        fputs(i == 0 ? "" : "\n", view->style.out);
        text_finding(view, &view->profile->findings.items[i]);
    }
}

void text_errors(const struct view *view)
{
    text_findings(view);
    if (view->profile->findings.count == 0)
        fputs("no errors\n", view->style.out);
}
