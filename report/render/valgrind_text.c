/* SPDX-License-Identifier: MIT */
#include "render/valgrind_text.h"

#include "query/callpath.h"
#include "render/valgrind_words.h"

#include <inttypes.h>
#include <string.h>

/* Ends a line of the report of a process, and begins it. */
static void valgrind_line(FILE *out, struct textbuf *text, uint32_t pid)
{
    fprintf(out, "==%" PRIu32 "== %s\n", pid, textbuf_text(text));
    textbuf_clear(text);
}

static void valgrind_stack(FILE *out, const struct profile *profile, uint32_t stack, uint32_t pid)
{
    struct callpath path = {0};
    struct textbuf text = {0};
    callpath_expand(&path, profile, stack, false);
    for (size_t i = 0; i < path.entries.count && path.entries.items[i].frame != 0; i++) {
        const struct frame *frame = &profile->frames.items[path.entries.items[i].frame];
        const struct symbol *symbol = path.entries.items[i].symbol;
        textbuf_format(&text, "   %s 0x%" PRIX64 ": ", i == 0 ? "at" : "by", frame->address);
        textbuf_put_escaped(&text,
                            symbol != NULL && symbol->function != NULL ? symbol->function : "???");
        textbuf_put(&text, " (");
        if (symbol != NULL && symbol->file != NULL) {
            textbuf_put_escaped(&text, profile_basename(symbol->file));
            textbuf_format(&text, ":%" PRIu32, symbol->line);
        } else {
            textbuf_put(&text, "in ");
            textbuf_put_escaped(&text, profile->modules.items[frame->module].path);
        }
        textbuf_put(&text, ")");
        valgrind_line(out, &text, pid);
    }
    textbuf_free(&text);
    callpath_free(&path);
}

static void valgrind_error(FILE *out, const struct profile *profile, const struct finding *finding)
{
    const struct mmt_finding *record = &finding->record;
    uint32_t pid = profile->processes.items[finding->process].pid;
    struct textbuf text = {0};
    valgrind_put_what(&text, finding);
    valgrind_line(out, &text, pid);
    valgrind_stack(out, profile, record->stack, pid);
    textbuf_put(&text, " ");
    valgrind_put_where(&text, finding);
    valgrind_line(out, &text, pid);
    if ((record->flags & MMT_FINDING_FREED) != 0) {
        valgrind_stack(out, profile, record->free_stack, pid);
        textbuf_put(&text, " Block was alloc'd at");
        valgrind_line(out, &text, pid);
    }
    if ((record->flags & MMT_FINDING_BLOCK) != 0)
        valgrind_stack(out, profile, record->alloc_stack, pid);
    valgrind_line(out, &text, pid);
    textbuf_free(&text);
}

/* Whether a block is the buffer of a stream such as stdout: Valgrind has libc free them before it
 * looks for leaks. */
static bool valgrind_is_buffer(const struct profile *profile, uint32_t stack)
{
    struct callpath path = {0};
    callpath_expand(&path, profile, stack, false);
    const struct symbol *symbol = path.entries.count != 0 ? path.entries.items[0].symbol : NULL;
    bool buffer = symbol != NULL && symbol->function != NULL &&
                  (strcmp(symbol->function, "_IO_file_doallocate") == 0 ||
                   strcmp(symbol->function, "_IO_wfile_doallocate") == 0);
    callpath_free(&path);
    return buffer;
}

static bool valgrind_counts(const struct profile *profile, const struct leak *leak, unsigned kinds)
{
    return (kinds >> leak->record.kind & 1) != 0 &&
           (leak->record.kind != MMT_LEAK_REACHABLE ||
            !valgrind_is_buffer(profile, leak->record.stack));
}

void valgrind_text(const struct view *view)
{
    FILE *out = view->style.out;
    const struct profile *profile = view->profile;
    size_t leaks = 0, number = 0;
    struct textbuf text = {0};
    uint64_t suppressed = 0;
    for (size_t i = 0; i < profile->findings.count; i++)
        valgrind_error(out, profile, &profile->findings.items[i]);
    for (size_t i = 0; i < profile->leaks.count; i++)
        leaks += valgrind_counts(profile, &profile->leaks.items[i], view->kinds);
    for (size_t i = 0; i < profile->leaks.count; i++) {
        const struct leak *leak = &profile->leaks.items[i];
        uint32_t pid = profile->processes.items[leak->process].pid;
        if (valgrind_counts(profile, leak, view->kinds)) {
            valgrind_put_leak(&text, &leak->record, ++number, leaks);
            valgrind_line(out, &text, pid);
            valgrind_stack(out, profile, leak->record.stack, pid);
            valgrind_line(out, &text, pid);
        }
    }
    for (size_t i = 0; i < profile->processes.count; i++)
        suppressed += profile->processes.items[i].suppressed_errors;
    if (!view->quiet && profile->processes.count != 0) {
        size_t errors = profile->findings.count + leaks;
        textbuf_format(&text,
                       "ERROR SUMMARY: %zu errors from %zu contexts (suppressed: %" PRIu64
                       " from %" PRIu64 ")",
                       errors, errors, suppressed, suppressed);
        valgrind_line(out, &text, profile->processes.items[0].pid);
    }
    textbuf_free(&text);
}
