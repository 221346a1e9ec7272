/* SPDX-License-Identifier: MIT */
#include "cli/outcome.h"

#include "cli/outcome_extra.h"
#include "cli/suppressing.h"
#include "load/load.h"
#include "query/leaktree.h"
#include "query/totals.h"
#include "query/unended.h"
#include "query/unsearched.h"
#include "render/text_node.h"
#include "render/text_summary.h"
#include "render/text_tree.h"
#include "sym/resolve.h"

#include <inttypes.h>
#include <string.h>

/* Functions with less of the leaked bytes, in percent, are summed up. */
#define OUTCOME_MIN_PERCENT 1.0

unsigned outcome_kinds(int leak_kinds)
{
    unsigned kinds = LEAKTREE_COUNTED;
    if (leak_kinds >= 1)
        kinds |= 1u << MMT_LEAK_POSSIBLE;
    if (leak_kinds >= 2)
        kinds |= 1u << MMT_LEAK_REACHABLE;
    return kinds;
}

static bool outcome_has_notes(const struct profile *profile)
{
    for (size_t i = 0; i < profile->processes.count; i++)
        if (profile->processes.items[i].leak_check.threads_unstopped != 0)
            return true;
    for (size_t i = 0; i < profile->notes.count; i++)
        if (profile->notes.items[i].severity >= MMT_NOTE_DEGRADED)
            return true;
    return false;
}

/* "demo (pid 12)" */
static void outcome_put_process(struct textbuf *buffer, const struct process *process)
{
    const char *name = profile_basename(process->executable);
    textbuf_put_escaped(buffer, name[0] != '\0' ? name : "an unknown program");
    textbuf_format(buffer, " (pid %" PRIu32 ")", process->pid);
}

/* "3 errors, 1,600 bytes in 50 blocks leaked" */
static void outcome_put_counts(struct textbuf *buffer, const struct totals *totals, unsigned kinds)
{
    uint64_t blocks = totals_leak_blocks(totals, kinds), bytes = totals_leak_bytes(totals, kinds);
    style_put_number(buffer, totals->errors);
    textbuf_put(buffer, totals->errors == 1 ? " error, " : " errors, ");
    if (blocks == 0 && totals->searched == 0) {
        textbuf_put(buffer, "leaks not searched\n");
        return;
    }
    style_put_amount(buffer, bytes, blocks);
    textbuf_put(buffer, " leaked");
    textbuf_put(buffer, blocks != 0 && bytes == 0 ? " (a leak of 0 bytes is one)\n" : "\n");
}

static void outcome_title(const struct style *style, const struct profile *profile,
                          const struct totals *totals, unsigned kinds)
{
    struct textbuf buffer = {0};
    textbuf_put(&buffer, "mmguard: ");
    if (profile->processes.count == 1)
        outcome_put_process(&buffer, &profile->processes.items[0]);
    else
        textbuf_format(&buffer, "%zu processes", profile->processes.count);
    textbuf_put(&buffer, ": ");
    outcome_put_counts(&buffer, totals, kinds);
    struct totals *each = totals_by_process(profile);
    for (uint32_t i = 0; profile->processes.count > 1 && i < profile->processes.count; i++) {
        if (each[i].errors != 0 || totals_leak_blocks(&each[i], kinds) != 0) {
            textbuf_put(&buffer, "  ");
            outcome_put_process(&buffer, &profile->processes.items[i]);
            textbuf_put(&buffer, ": ");
            outcome_put_counts(&buffer, &each[i], kinds);
        }
    }
    free(each);
    style_flush(style, &buffer);
    textbuf_free(&buffer);
}

static void outcome_tree(const struct style *style, struct profile *profile, unsigned kinds)
{
    struct resolve_set wanted;
    struct symsearch search;
    symsearch_init(&search);
    free((char *)search.cache);
    search.cache = NULL;
    resolve_set_init(&wanted, profile);
    resolve_set_add_leaks(&wanted, profile, kinds);
    resolve_names(profile, &wanted, &search, false);
    resolve_set_free(&wanted);
    symsearch_free(&search);
    struct view_parts room;
    struct view view = {
        .style = *style,
        .profile = profile,
        .kinds = kinds,
        .min_percent = OUTCOME_MIN_PERCENT,
        .fold = true,
    };
    view_complete(&view, VIEW_TREE, &room);
    fputc('\n', style->out);
    text_node_origin(&view);
    fputc('\n', style->out);
    text_tree(&view);
    view_release(&view, &room);
}

/* What threads may hide that could not be stopped. */
static void outcome_threads(const struct style *style, const struct profile *profile)
{
    struct textbuf buffer = {0};
    for (size_t i = 0; i < profile->processes.count; i++) {
        const struct process *process = &profile->processes.items[i];
        if (!process->has_leak_check || process->leak_check.threads_unstopped == 0)
            continue;
        textbuf_put(&buffer, "  note: ");
        if (profile->processes.count > 1)
            textbuf_format(&buffer, "pid %" PRIu32 ": ", process->pid);
        unsearched_put_threads(&buffer, process);
        textbuf_put(&buffer, "\n");
    }
    style_flush(style, &buffer);
    textbuf_free(&buffer);
}

bool outcome_print(const struct style *style, struct profile *profile, unsigned kinds)
{
    struct totals totals;
    totals_sum(&totals, profile, TOTALS_ALL);
    bool leaks = totals_leak_blocks(&totals, kinds) != 0;
    if (totals.errors == 0 && !leaks && !outcome_has_notes(profile))
        return false;
    outcome_title(style, profile, &totals, kinds);
    text_summary_leaks(style, &totals);
    text_summary_notes(style, profile, TOTALS_ALL, MMT_NOTE_DEGRADED);
    outcome_threads(style, profile);
    if (leaks)
        outcome_tree(style, profile, kinds);
    fflush(style->out);
    return totals.errors != 0 || leaks;
}

static void outcome_look(const struct profile *profile, uint32_t pid, struct outcome *outcome)
{
    for (size_t i = 0; i < profile->processes.count; i++) {
        const struct process *process = &profile->processes.items[i];
        if (process->has_mark) {
            outcome->has_mark |= process->pid == pid;
            outcome_put_process(&outcome->unended, process);
            textbuf_put(&outcome->unended, ": ");
            unended_put_reason(&outcome->unended, process);
            textbuf_put(&outcome->unended, "\n");
        } else if (process->ending != MMT_ENDING_EXEC) {
            /* A program that this one became must have a trace of its own. */
            outcome->has_pid |= process->pid == pid;
        }
    }
}

int outcome_report(const struct outcome_run *run, struct outcome *outcome)
{
    struct profile profile;
    struct suppressions rules = {0};
    struct failure failure = {0};
    struct totals totals;
    unsigned kinds = outcome_kinds(run->leak_kinds);
    char *const paths[] = {(char *)run->directory};
    int status = 0;
    *outcome = (struct outcome){.gate = -1};
    profile_init(&profile);
    if (!load_paths(&profile, paths, 1, &failure)) {
        failure_print(&failure);
        failure_free(&failure);
        status = 2;
    } else if (!suppressing_load(&rules, "")) {
        status = 2;
    } else {
        outcome_filter(run, &profile, &rules);
        outcome_system_programs(run, &profile, &outcome->system);
        totals_sum(&totals, &profile, TOTALS_ALL);
        outcome->processes = totals.processes;
        outcome->incomplete = totals.incomplete;
        outcome->errors = totals.errors;
        outcome->leak_blocks = totals_leak_blocks(&totals, kinds);
        outcome->leak_bytes = totals_leak_bytes(&totals, kinds);
        outcome_look(&profile, run->pid, outcome);
        if (!run->quiet && !run->flags->valgrind) {
            struct style style;
            style_init(&style, run->out, run->color);
            outcome_print(&style, &profile, kinds);
            fputs(textbuf_text(&outcome->system), run->out);
        }
        status = outcome_extra(run, &profile, outcome);
    }
    suppressions_free(&rules);
    profile_free(&profile);
    return status;
}
