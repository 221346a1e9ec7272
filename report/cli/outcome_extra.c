/* SPDX-License-Identifier: MIT */
#include "cli/outcome_extra.h"

#include "cli/suppressing.h"
#include "cli/verdict.h"
#include "query/suppress.h"
#include "render/text_gate.h"
#include "render/valgrind_text.h"

#include <stdlib.h>
#include <string.h>

/* Functions that a suggested suppression names. */
#define SUGGESTED_CALLERS 3

/* Leaves the processes with this id; one that replaced itself by exec has left several traces. */
static void outcome_only(struct profile *profile, uint32_t pid)
{
    bool *kept = xalloc_zeroed(profile->processes.count + 1, sizeof *kept);
    for (size_t i = 0; i < profile->processes.count; i++)
        kept[i] = profile->processes.items[i].pid == pid;
    profile_keep_processes(profile, kept);
    free(kept);
    profile->incomplete = false;
    for (size_t i = 0; i < profile->processes.count; i++)
        profile->incomplete |= profile->processes.items[i].incomplete;
}

static void outcome_own(struct profile *profile)
{
    size_t findings = 0, leaks = 0;
    for (size_t i = 0; i < profile->findings.count; i++) {
        const struct finding *finding = &profile->findings.items[i];
        const struct mmt_finding *record = &finding->record;
        struct process *process = &profile->processes.items[finding->process];
        if (issues_own_stack(profile, record->stack) ||
            issues_own_stack(profile, record->alloc_stack)) {
            profile->findings.items[findings++] = *finding;
        } else {
            process->suppressed_errors++;
            process->counters.findings -= process->counters.findings != 0;
        }
    }
    for (size_t i = 0; i < profile->leaks.count; i++) {
        const struct leak *leak = &profile->leaks.items[i];
        struct process *process = &profile->processes.items[leak->process];
        if (issues_own_stack(profile, leak->record.stack)) {
            profile->leaks.items[leaks++] = *leak;
        } else {
            process->suppressed_bytes = profile_add(process->suppressed_bytes, leak->record.bytes);
            process->suppressed_blocks =
                profile_add(process->suppressed_blocks, leak->record.blocks);
        }
    }
    profile->findings.count = findings;
    profile->leaks.count = leaks;
}

void outcome_filter(const struct outcome_run *run, struct profile *profile,
                    struct suppressions *rules)
{
    struct symsearch search;
    if (run->flags->only_program)
        outcome_only(profile, run->pid);
    if (run->flags->own)
        outcome_own(profile);
    symsearch_init(&search);
    if (rules->rules.count == 0) {
        free((char *)search.cache); /* the built-in rules look at few names, and in every run */
        search.cache = NULL;
    }
    suppressing_apply(rules, profile, &search, SUPPRESSING_FAULTS);
    symsearch_free(&search);
}

/* Those whose leaks do not count: programs of the system that the launched one has started. What
 * they lose is nothing that somebody who tests something else could mend. */
static bool outcome_is_system(const struct process *process, const struct outcome_run *run)
{
    return issues_system_path(process->executable) &&
           (run->program == NULL || strcmp(process->executable, run->program) != 0);
}

struct system_leaks {
    uint64_t blocks, bytes;
    const char *names[4]; /* of different programs */
    size_t programs;
};

static void system_leaks_add(struct system_leaks *sum, const struct process *process,
                             const struct leak *leak, struct strpool *seen)
{
    size_t before = seen->texts.count;
    const char *name = strpool_put(seen, process->executable, strlen(process->executable));
    sum->blocks = profile_add(sum->blocks, leak->record.blocks);
    sum->bytes = profile_add(sum->bytes, leak->record.bytes);
    if (seen->texts.count == before)
        return;
    if (sum->programs < sizeof sum->names / sizeof *sum->names)
        sum->names[sum->programs] = profile_basename(name);
    sum->programs++;
}

static void system_leaks_say(const struct system_leaks *sum, struct textbuf *line)
{
    const size_t named = sizeof sum->names / sizeof *sum->names;
    textbuf_put(line, "mmguard: ");
    style_put_amount(line, sum->bytes, sum->blocks);
    textbuf_format(line, " leaked in %zu program%s of the system (", sum->programs,
                   sum->programs == 1 ? "" : "s");
    for (size_t i = 0; i < sum->programs && i < named; i++) {
        textbuf_put(line, i != 0 ? ", " : "");
        textbuf_put_escaped(line, sum->names[i]);
    }
    textbuf_put(line, sum->programs > named ? ", ...)" : ")");
    textbuf_put(line, sum->blocks == 1 ? " is" : " are");
    textbuf_put(line, " not counted; --own=no counts them\n");
}

void outcome_system_programs(const struct outcome_run *run, struct profile *profile,
                             struct textbuf *line)
{
    const struct launch_flags *flags = run->flags;
    unsigned kinds = outcome_kinds(run->leak_kinds);
    struct system_leaks sum = {0};
    struct strpool seen = {0};
    size_t kept = 0;
    if (!flags->no_system_programs || flags->own || flags->gate != NULL || flags->valgrind)
        return;
    for (size_t i = 0; i < profile->leaks.count; i++) {
        const struct leak leak = profile->leaks.items[i];
        const struct process *process = &profile->processes.items[leak.process];
        if ((kinds >> leak.record.kind & 1) != 0 && outcome_is_system(process, run) &&
            !issues_own_stack(profile, leak.record.stack))
            system_leaks_add(&sum, process, &leak, &seen);
        else
            profile->leaks.items[kept++] = leak;
    }
    profile->leaks.count = kept;
    if (sum.blocks != 0)
        system_leaks_say(&sum, line);
    strpool_free(&seen);
}

static int outcome_exports(const struct launch_flags *flags, const struct view *view)
{
    int status = 0;
    for (int format = 0; format < EXPORTING_FORMATS; format++) {
        struct failure failure = {0};
        const char *path = flags->exports[format];
        if (path != NULL && !exporting_write(view, (enum exporting_format)format, path, &failure)) {
            failure_print(&failure);
            status = 2;
        }
        failure_free(&failure);
    }
    fflush(stdout);
    return status;
}

/* Returns the verdict, or -1 after a message. */
static int outcome_gate(const struct outcome_run *run, const struct symsearch *search,
                        struct view *view)
{
    struct baseline baseline = {0};
    struct gate_policy policy;
    struct gate gate;
    const struct verdict_rules rules = {.kinds = view->kinds, .suppressions = "", .search = search};
    int verdict = -1;
    gate_policy_init(&policy);
    policy.kinds = run->leaks_wanted ? view->kinds : 0;
    policy.own = run->flags->own;
    if (verdict_baseline(&baseline, run->flags->gate, &rules)) {
        verdict_scope(&baseline.scope, false, &policy.kinds, &policy.own);
        gate_decide(&gate, view->issues, &baseline, &policy);
        view->gate = &gate;
        text_gate(view);
        verdict = verdict_status(&gate, view->doubts);
        view->gate = NULL;
        gate_free(&gate);
    }
    gate_policy_free(&policy);
    baseline_free(&baseline);
    return verdict;
}

static bool outcome_has_exports(const struct launch_flags *flags)
{
    for (int format = 0; format < EXPORTING_FORMATS; format++)
        if (flags->exports[format] != NULL)
            return true;
    return false;
}

void outcome_suggest(const struct view *view)
{
    for (size_t i = 0; i < view->issues->items.count; i++) {
        const struct issue *issue = &view->issues->items.items[i];
        char *line = suppress_suggest(view->profile, issue->kind, issue->stack, SUGGESTED_CALLERS);
        if (line != NULL)
            fprintf(view->style.out, "%s\n", line);
        free(line);
    }
}

int outcome_extra(const struct outcome_run *run, struct profile *profile, struct outcome *outcome)
{
    const struct launch_flags *flags = run->flags;
    unsigned kinds = outcome_kinds(run->leak_kinds);
    struct issues issues;
    struct symsearch search;
    struct textbuf doubts = {0};
    if (!flags->valgrind && !flags->generate && flags->gate == NULL && !outcome_has_exports(flags))
        return 0;
    symsearch_init(&search);
    verdict_names(profile, kinds | flags->show_kinds, &search);
    issues_gather(&issues, profile, kinds);
    gate_doubts(&doubts, profile, run->leaks_wanted);
    char *root = exporting_root(NULL);
    struct view view = {
        .profile = profile,
        .issues = &issues,
        .doubts = textbuf_text(&doubts),
        .root = root,
        .kinds = kinds,
        .process = TOTALS_ALL,
        .arguments = flags->arguments,
        .quiet = run->quiet,
    };
    style_init(&view.style, run->out, run->color);
    if (flags->valgrind) {
        struct view shown = view;
        shown.kinds |= flags->show_kinds;
        valgrind_text(&shown);
    }
    if (flags->generate)
        outcome_suggest(&view);
    int status = outcome_exports(flags, &view);
    if (flags->gate != NULL) {
        outcome->gate = outcome_gate(run, &search, &view);
        status = outcome->gate < 0 ? 2 : status;
    }
    free(root);
    textbuf_free(&doubts);
    issues_free(&issues);
    symsearch_free(&search);
    return status;
}
