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
    if (thread == 0) {
        return;
    }
    textbuf_format(buffer, "%sthread %" PRIu32, before, one->id);
    if (one->name[0] != '\0') {
        textbuf_put(buffer, " \"");
        textbuf_put_escaped(buffer, one->name);
        textbuf_put(buffer, "\"");
    }
}

static void text_finding_stack(struct textbuf *buffer, const struct style *style,
                               const struct profile *profile, uint32_t stack, const char *directory)
{
    struct callpath path = {0};
    bool shown = false; /* the source of the innermost function of the program */
    callpath_expand(&path, profile, stack, style->all_frames);
    for (size_t i = 0; i < path.entries.count; i++) {
        textbuf_format(buffer, "    #%zu ", i);
        framename_put_entry(buffer, style, profile, &path.entries.items[i], directory);
        textbuf_put(buffer, "\n");
        const struct symbol *symbol = path.entries.items[i].symbol;
        if (!shown && symbol != NULL && symbol->file != NULL &&
            (callpath_traits(profile, &path.entries.items[i]) & CALLPATH_SYSTEM) == 0) {
            sourcelines_put(buffer, style, symbol->file, symbol->line, 6);
            shown = true;
        }
    }
    if (path.entries.count == 0) {
        textbuf_put(buffer, "    (no stack was recorded)\n");
    }
    callpath_free(&path);
}

/* "  allocated by malloc in thread 1 "demo" at", and the stack. */
static void text_finding_event(struct textbuf *buffer, const struct style *style,
                               const struct profile *profile, const char *what, uint32_t function,
                               uint32_t thread, uint32_t stack, const char *directory)
{
    struct textbuf heading = {0};
    textbuf_format(&heading, "%s by %s", what, catalog_function(function));
    text_finding_thread(&heading, profile, " in ", thread);
    textbuf_put(&heading, " at");
    textbuf_put(buffer, "  ");
    style_put(style, buffer, STYLE_BOLD, textbuf_text(&heading));
    textbuf_put(buffer, "\n");
    text_finding_stack(buffer, style, profile, stack, directory);
    textbuf_free(&heading);
}

static void text_finding_title(struct textbuf *buffer, const struct style *style,
                               const struct profile *profile, const struct finding *finding)
{
    const struct process *process = &profile->processes.items[finding->process];
    textbuf_put(buffer, "mmguard: ");
    style_put(style, buffer, STYLE_RED, catalog_error(finding->record.kind)->slug);
    textbuf_put(buffer, " in ");
    textbuf_put_escaped(buffer, profile_basename(process->executable));
    textbuf_format(buffer, " (pid %" PRIu32, process->pid);
    text_finding_thread(buffer, profile, ", ", finding->record.thread);
    textbuf_put(buffer, ")\n  ");
}

static void text_finding_sentence(struct textbuf *buffer, const struct style *style,
                                  const struct finding *finding)
{
    const struct catalog_error *error = catalog_error(finding->record.kind);
    struct textbuf sentence = {0};
    findingwords_put(&sentence, finding);
    style_put(style, buffer, STYLE_BOLD, textbuf_text(&sentence));
    if (error->cwe != 0) {
        textbuf_format(buffer, " (CWE-%u)", error->cwe);
    }
    textbuf_put(buffer, "\n");
    if ((finding->record.flags & MMT_FINDING_INHERITED) != 0) {
        textbuf_put(buffer, "  the block was allocated by the parent process, before the fork\n");
    }
    if (finding->record.count > 1) {
        textbuf_format(buffer, "  seen %" PRIu64 " times\n", finding->record.count);
    }
    textbuf_free(&sentence);
}

/* Where the threads that take part were created, each once. */
static void text_finding_threads(struct textbuf *buffer, const struct style *style,
                                 const struct profile *profile, const struct mmt_finding *record,
                                 const char *directory)
{
    uint32_t threads[] = {record->thread, record->alloc_thread, record->free_thread};
    for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
        const struct thread *thread = &profile->threads.items[threads[i]];
        bool shown = threads[i] == 0 || thread->creation_stack == 0;
        for (size_t k = 0; k < i; k++) {
            shown |= threads[k] == threads[i];
        }
        if (shown) {
            continue;
        }
        struct textbuf heading = {0};
        text_finding_thread(&heading, profile, "", threads[i]);
        textbuf_put(&heading, " created");
        text_finding_thread(&heading, profile, " by ", thread->creator);
        textbuf_put(&heading, " at");
        textbuf_put(buffer, "  ");
        style_put(style, buffer, STYLE_BOLD, textbuf_text(&heading));
        textbuf_put(buffer, "\n");
        text_finding_stack(buffer, style, profile, thread->creation_stack, directory);
        textbuf_free(&heading);
    }
}

static void text_finding_suppression(struct textbuf *buffer, const struct profile *profile,
                                     const struct finding *finding)
{
    struct textbuf rule = {0};
    findingwords_put_suppression(&rule, profile, finding);
    if (rule.bytes.count != 0) {
        textbuf_format(buffer, "  suppress with: %s\n", textbuf_text(&rule));
    }
    textbuf_free(&rule);
}

void text_finding(const struct style *style, const struct profile *profile,
                  const struct finding *finding)
{
    const struct mmt_finding *record = &finding->record;
    const char *directory = profile->processes.items[finding->process].directory;
    struct textbuf buffer = {0};
    text_finding_title(&buffer, style, profile, finding);
    text_finding_sentence(&buffer, style, finding);
    textbuf_put(&buffer, "  ");
    style_put(style, &buffer, STYLE_BOLD, findingwords_stack_heading(finding));
    textbuf_put(&buffer, "\n");
    if (!findingwords_at_end(finding)) {
        text_finding_stack(&buffer, style, profile, record->stack, directory);
    }
    if ((record->flags & MMT_FINDING_BLOCK) != 0) {
        text_finding_event(&buffer, style, profile, "allocated", record->alloc_function,
                           record->alloc_thread, record->alloc_stack, directory);
    }
    if ((record->flags & MMT_FINDING_FREED) != 0) {
        text_finding_event(&buffer, style, profile,
                           record->kind == MMT_ERROR_DOUBLE_FREE ? "first freed" : "freed",
                           record->free_function, record->free_thread, record->free_stack,
                           directory);
    }
    text_finding_threads(&buffer, style, profile, record, directory);
    text_finding_suppression(&buffer, profile, finding);
    style_flush(style, &buffer);
    textbuf_free(&buffer);
}
