/* SPDX-License-Identifier: MIT */
#include "render/text_summary.h"

#include "model/catalog.h"
#include "query/unended.h"
#include "query/unsearched.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

void text_summary_put_ending(struct textbuf *buffer, const struct process *process)
{
    static const char *const ways[] = {
        [MMT_ENDING_EXIT] = "exited",
        [MMT_ENDING_UNDERSCORE_EXIT] = "ended by _exit",
        [MMT_ENDING_QUICK_EXIT] = "ended by quick_exit",
    };
    const char *name;
    switch (process->ending) {
    case MMT_ENDING_EXIT:
    case MMT_ENDING_UNDERSCORE_EXIT:
    case MMT_ENDING_QUICK_EXIT:
        textbuf_put(buffer, ways[process->ending]);
        if (process->status >= 0)
            textbuf_format(buffer, " with status %" PRId32, process->status);
        break;
    case MMT_ENDING_ABORT:
        textbuf_put(buffer, "aborted by mmguard after an error");
        break;
    case MMT_ENDING_SIGNAL:
        name = process->status > 0 && process->status < NSIG ? sigabbrev_np(process->status) : NULL;
        textbuf_format(buffer, "killed by signal %" PRId32, process->status);
        if (name != NULL)
            textbuf_format(buffer, " (SIG%s)", name);
        break;
    case MMT_ENDING_EXEC:
        textbuf_put(buffer, "became another program");
        break;
    default:
        if (process->snapshot != 0) {
            textbuf_format(buffer, "snapshot %" PRIu32, process->snapshot);
            if (process->label[0] != '\0') {
                textbuf_put(buffer, " \"");
                textbuf_put_escaped(buffer, process->label);
                textbuf_put(buffer, "\"");
            }
            break;
        }
        textbuf_put(buffer, process->has_mark ? unended_words(process) : "ending not known");
        break;
    }
}

static void text_summary_label(struct textbuf *buffer, const char *label)
{
    textbuf_format(buffer, "  %-12s ", label);
}

static void text_summary_text(struct textbuf *buffer, const char *label, const char *text)
{
    if (text[0] != '\0') {
        text_summary_label(buffer, label);
        textbuf_put_escaped(buffer, text);
        textbuf_put(buffer, "\n");
    }
}

static void text_summary_counters(struct textbuf *buffer, const struct mmt_counters *counters)
{
    text_summary_label(buffer, "heap");
    style_put_number(buffer, counters->allocations);
    textbuf_put(buffer, " allocations, ");
    style_put_number(buffer, counters->frees);
    textbuf_put(buffer, " frees, ");
    style_put_number(buffer, counters->bytes_allocated);
    textbuf_put(buffer, " bytes allocated\n");
    text_summary_label(buffer, "live at end");
    style_put_amount(buffer, counters->bytes_live, counters->blocks_live);
    textbuf_put(buffer, "\n");
    if (counters->blocks_unguarded != 0) {
        text_summary_label(buffer, "unguarded");
        style_put_number(buffer, counters->blocks_unguarded);
        textbuf_put(buffer, " blocks had no guard page\n");
    }
    text_summary_label(buffer, "own memory");
    style_put_number(buffer, counters->own_bytes);
    textbuf_put(buffer, " bytes\n");
}

/* "2 (double-free 1, use-after-free-read 1)" */
static void text_summary_errors(struct textbuf *buffer, const struct totals *totals)
{
    const char *separator = " (";
    text_summary_label(buffer, "errors");
    style_put_number(buffer, totals->errors);
    for (uint32_t kind = 0; kind < TOTALS_ERROR_KINDS; kind++) {
        uint64_t count = totals->recorded_kinds[kind];
        if (count != 0) {
            textbuf_format(buffer, "%s%s %" PRIu64, separator, catalog_error(kind)->slug, count);
            separator = ", ";
        }
    }
    textbuf_put(buffer, separator[0] == ',' ? ")" : "");
    if (totals->counters.findings_dropped != 0) {
        textbuf_put(buffer, ", of them not reported: ");
        style_put_number(buffer, totals->counters.findings_dropped);
    }
    if (totals->suppressed_errors != 0) {
        textbuf_put(buffer, ", suppressed: ");
        style_put_number(buffer, totals->suppressed_errors);
    }
    textbuf_put(buffer, "\n");
}

void text_summary_leaks(const struct style *style, const struct totals *totals)
{
    static const char *const labels[MMT_LEAK_KINDS] = {"definitely lost", "indirectly lost",
                                                       "possibly lost", "still reachable"};
    struct textbuf buffer = {0};
    if (totals->searched != 0) {
        for (int kind = 0; kind < MMT_LEAK_KINDS; kind++) {
            textbuf_format(&buffer, "  %16s: ", labels[kind]);
            style_put_amount(&buffer, totals->leak_bytes[kind], totals->leak_blocks[kind]);
            textbuf_put(&buffer, "\n");
        }
    }
    if (totals->searched != 0 || totals->suppressed_blocks != 0) {
        textbuf_format(&buffer, "  %16s: ", "suppressed");
        style_put_amount(&buffer, totals->suppressed_bytes, totals->suppressed_blocks);
        if (totals->builtin_blocks != 0) {
            textbuf_put(&buffer, " (built-in: ");
            style_put_amount(&buffer, totals->builtin_bytes, totals->builtin_blocks);
            textbuf_put(&buffer, ")");
        }
        textbuf_put(&buffer, "\n");
    }
    if (totals->searched != totals->processes) {
        textbuf_put(&buffer, "  leaks not searched");
        if (totals->processes > 1) {
            textbuf_format(&buffer, " in %zu of %zu processes",
                           totals->processes - totals->searched, totals->processes);
        }
        if (totals->turned_off == totals->processes - totals->searched)
            textbuf_format(&buffer, ": %s", unsearched_choice);
        textbuf_put(&buffer, "\n");
    }
    style_flush(style, &buffer);
    textbuf_free(&buffer);
}

void text_summary_notes(const struct style *style, const struct profile *profile, uint32_t process,
                        uint32_t severity)
{
    struct textbuf buffer = {0};
    size_t first = process == TOTALS_ALL ? 0 : profile_first_note(profile, process);
    for (size_t i = first; i < profile->notes.count; i++) {
        const struct note *note = &profile->notes.items[i];
        if (process != TOTALS_ALL && note->process > process)
            break;
        if (note->severity < severity || (process != TOTALS_ALL && note->process != process))
            continue;
        textbuf_put(&buffer, "  note: ");
        if (process == TOTALS_ALL && profile->processes.count > 1) {
            textbuf_format(&buffer, "pid %" PRIu32 ": ",
                           profile->processes.items[note->process].pid);
        }
        textbuf_put_escaped(&buffer, note->text);
        textbuf_put(&buffer, "\n");
    }
    style_flush(style, &buffer);
    textbuf_free(&buffer);
}

/* The name, number and end of a process. */
static void text_summary_put_title(struct textbuf *buffer, const struct style *style,
                                   const struct process *process)
{
    struct textbuf title = {0};
    textbuf_put_escaped(&title, profile_basename(process->executable));
    textbuf_format(&title, " (pid %" PRIu32 ")", process->pid);
    style_put(style, buffer, STYLE_BOLD, textbuf_text(&title));
    textbuf_put(buffer, ": ");
    text_summary_put_ending(buffer, process);
    if ((process->flags & MMT_PROCESS_FORKED) != 0)
        textbuf_format(buffer, ", forked by %" PRIu32, process->parent_pid);
    textbuf_free(&title);
}

/* Whether there is nothing to be said of a process but that it was clean. */
static bool text_summary_is_clean(const struct profile *profile, uint32_t index,
                                  const struct totals *totals)
{
    const struct process *process = &profile->processes.items[index];
    size_t note = profile_first_note(profile, index);
    bool noted = note < profile->notes.count && profile->notes.items[note].process == index;
    return totals->errors == 0 && totals->searched == 1 && !totals->incomplete && !noted &&
           totals_leak_blocks(totals, (1u << MMT_LEAK_REACHABLE) - 1) == 0 &&
           process->leak_check.threads_unstopped == 0 && totals->suppressed_errors == 0 &&
           totals->suppressed_blocks == 0;
}

static void text_summary_clean(const struct style *style, const struct process *process)
{
    struct textbuf buffer = {0};
    text_summary_put_title(&buffer, style, process);
    textbuf_put(&buffer, "; clean");
    if (process->has_counters) {
        textbuf_put(&buffer, ", ");
        style_put_number(&buffer, process->counters.allocations);
        textbuf_put(&buffer, process->counters.allocations == 1 ? " allocation" : " allocations");
    }
    textbuf_put(&buffer, "\n");
    style_flush(style, &buffer);
    textbuf_free(&buffer);
}

static void text_summary_process(const struct style *style, const struct profile *profile,
                                 uint32_t index, const struct totals *totals)
{
    const struct process *process = &profile->processes.items[index];
    struct textbuf buffer = {0};
    text_summary_put_title(&buffer, style, process);
    textbuf_put(&buffer, "\n");
    text_summary_text(&buffer, "program", process->executable);
    text_summary_text(&buffer, "command", process->arguments);
    text_summary_text(&buffer, "backend", process->backend);
    if (process->has_counters)
        text_summary_counters(&buffer, &process->counters);
    text_summary_errors(&buffer, totals);
    style_flush(style, &buffer);
    text_summary_leaks(style, totals);
    if (process->has_leak_check && process->leak_check.threads_unstopped != 0) {
        textbuf_put(&buffer, "  note: ");
        unsearched_put_threads(&buffer, process);
        textbuf_put(&buffer, "\n");
    }
    if (process->has_mark) {
        textbuf_put(&buffer, "  note: ");
        unended_put_reason(&buffer, process);
        textbuf_put(&buffer, "\n");
    } else if (process->incomplete) {
        textbuf_put(&buffer, "  note: the trace is cut off; there was more\n");
    }
    style_flush(style, &buffer);
    text_summary_notes(style, profile, index, MMT_NOTE_INFO);
    textbuf_free(&buffer);
}

void text_summary(const struct view *view)
{
    const struct style *style = &view->style;
    const struct profile *profile = view->profile;
    struct totals *each = totals_by_process(profile);
    bool several = profile->processes.count > 1, open = false;
    for (uint32_t i = 0; i < profile->processes.count; i++) {
        bool clean = several && text_summary_is_clean(profile, i, &each[i]);
        fputs(i != 0 && (open || !clean) ? "\n" : "", style->out);
        if (clean)
            text_summary_clean(style, &profile->processes.items[i]);
        else
            text_summary_process(style, profile, i, &each[i]);
        open = !clean;
    }
    free(each);
    if (profile->processes.count < 2)
        return;
    struct totals totals;
    struct textbuf buffer = {0}, title = {0};
    totals_sum(&totals, profile, TOTALS_ALL);
    textbuf_format(&title, "all %zu processes", totals.processes);
    textbuf_put(&buffer, "\n");
    style_put(style, &buffer, STYLE_BOLD, textbuf_text(&title));
    textbuf_put(&buffer, "\n");
    text_summary_counters(&buffer, &totals.counters);
    text_summary_errors(&buffer, &totals);
    style_flush(style, &buffer);
    text_summary_leaks(style, &totals);
    textbuf_free(&buffer);
    textbuf_free(&title);
}
