/* SPDX-License-Identifier: MIT */
#include "query/gate.h"

#include "model/catalog.h"
#include "query/unended.h"
#include "query/unsearched.h"
#include "util/textbuf.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

void gate_policy_init(struct gate_policy *policy)
{
    *policy = (struct gate_policy){
        .kinds = UINT32_MAX, .max_count = GATE_NO_LIMIT, .max_bytes = GATE_NO_LIMIT};
}

void gate_policy_free(struct gate_policy *policy)
{
    VEC_FREE(&policy->limits);
}

static bool gate_number(const char *text, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == '\0' && errno == 0;
}

/* The table's own text for a kind, or NULL. */
static const char *gate_kind(const char *word, size_t length)
{
    for (uint32_t kind = 0; kind < MMT_LEAK_KINDS; kind++) {
        const char *name = catalog_leak_kind(kind);
        if (strlen(name) == length && memcmp(name, word, length) == 0)
            return name;
    }
    for (uint32_t kind = 1; catalog_error(kind)->kind == kind; kind++) {
        const char *name = catalog_error(kind)->slug;
        if (strlen(name) == length && memcmp(name, word, length) == 0)
            return name;
    }
    return NULL;
}

bool gate_policy_set(struct gate_policy *policy, const char *word, const char *value)
{
    const struct {
        const char *word;
        uint64_t *number;
    } words[] = {{"max-new", &policy->max_new},
                 {"max-grown", &policy->max_grown},
                 {"max-count", &policy->max_count},
                 {"max-bytes", &policy->max_bytes}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i].word) == 0)
            return gate_number(value, words[i].number);
    const char *colon = strchr(value, ':');
    const char *kind = colon != NULL ? gate_kind(value, (size_t)(colon - value)) : NULL;
    uint64_t most;
    if (strcmp(word, "max") != 0 || kind == NULL || !gate_number(colon + 1, &most))
        return false;
    *VEC_PUSH(&policy->limits) = (struct gate_limit){kind, most};
    return true;
}

const char *gate_word(enum gate_status status)
{
    static const char *const words[] = {"new", "grown", "known", "fixed"};
    return words[status];
}

static struct gate_line gate_compare(const struct issue *issue, const struct baseline *baseline)
{
    uint32_t id = baseline_find(baseline, issue->hash);
    if (id == 0)
        return (struct gate_line){.status = GATE_NEW, .issue = issue};
    const struct baseline_entry *allowed = &baseline->entries.items[id - 1];
    bool grown = issue->count > allowed->count || issue->bytes > allowed->bytes;
    return (struct gate_line){grown ? GATE_GROWN : GATE_KNOWN, issue, allowed};
}

static void gate_check(struct gate *gate, const char *what, uint64_t number, uint64_t most)
{
    if (number > most) {
        *VEC_PUSH(&gate->violations) =
            xalloc_format("%" PRIu64 " %s, %" PRIu64 " allowed", number, what, most);
    }
}

static bool gate_looked_at(const struct gate_policy *policy, const char *kind, bool system)
{
    for (uint32_t i = 0; i < MMT_LEAK_KINDS; i++)
        if (strcmp(kind, catalog_leak_kind(i)) == 0 && (policy->kinds >> i & 1) == 0)
            return false;
    return !policy->own || !system;
}

static bool gate_counts(const struct gate_policy *policy, const struct issue *issue)
{
    return gate_looked_at(policy, issue->kind, !issue->own);
}

static void gate_judge(struct gate *gate, const struct issues *issues,
                       const struct gate_policy *policy)
{
    uint64_t count = 0, bytes = 0;
    for (size_t i = 0; i < issues->items.count; i++) {
        const struct issue *issue = &issues->items.items[i];
        if (issue->leak && gate_counts(policy, issue)) {
            count = profile_add(count, issue->count);
            bytes = profile_add(bytes, issue->bytes);
        }
    }
    gate_check(gate, "new", gate->counts[GATE_NEW], policy->max_new);
    gate_check(gate, "grown", gate->counts[GATE_GROWN], policy->max_grown);
    gate_check(gate, "leaked blocks", count, policy->max_count);
    gate_check(gate, "leaked bytes", bytes, policy->max_bytes);
    for (size_t i = 0; i < policy->limits.count; i++) {
        const struct gate_limit *limit = &policy->limits.items[i];
        uint64_t number = 0;
        for (size_t j = 0; j < issues->items.count; j++) {
            const struct issue *issue = &issues->items.items[j];
            number += gate_counts(policy, issue) && strcmp(issue->kind, limit->kind) == 0;
        }
        gate_check(gate, limit->kind, number, limit->most);
    }
}

void gate_decide(struct gate *gate, const struct issues *issues, const struct baseline *baseline,
                 const struct gate_policy *policy)
{
    unsigned char *seen = xalloc_zeroed(baseline->entries.count + 1, 1);
    struct gate_line *all = xalloc_zeroed(issues->items.count + 1, sizeof *all);
    memset(gate, 0, sizeof *gate);
    for (size_t i = 0; i < issues->items.count; i++) {
        const struct issue *issue = &issues->items.items[i];
        all[i] = gate_compare(issue, baseline);
        if (all[i].allowed != NULL)
            seen[all[i].allowed - baseline->entries.items] = 1;
        if (!gate_counts(policy, issue)) {
            gate->foreign += policy->own && !issue->own;
            all[i].issue = NULL;
            continue;
        }
        gate->counts[all[i].status]++;
        gate->could_leave += all[i].status == GATE_NEW && !issue->own;
    }
    for (int status = GATE_NEW; status <= GATE_KNOWN; status++) {
        for (size_t i = 0; i < issues->items.count; i++)
            if (all[i].issue != NULL && all[i].status == (enum gate_status)status)
                *VEC_PUSH(&gate->lines) = all[i];
    }
    for (size_t i = 0; i < baseline->entries.count; i++) {
        const struct baseline_entry *entry = &baseline->entries.items[i];
        if (!seen[i] && gate_looked_at(policy, entry->kind, entry->system)) {
            *VEC_PUSH(&gate->lines) = (struct gate_line){.status = GATE_FIXED, .allowed = entry};
            gate->counts[GATE_FIXED]++;
        }
    }
    free(seen);
    free(all);
    gate_judge(gate, issues, policy);
}

void gate_free(struct gate *gate)
{
    for (size_t i = 0; i < gate->violations.count; i++)
        free(gate->violations.items[i]);
    VEC_FREE(&gate->violations);
    VEC_FREE(&gate->lines);
}

static void gate_doubt(struct textbuf *reasons, const struct process *process, const char *why)
{
    const char *name = profile_basename(process->executable);
    textbuf_format(reasons, "%s (pid %" PRIu32 "): %s\n",
                   name[0] != '\0' ? name : "an unknown program", process->pid, why);
}

/* What is not known of the leaks of a process that has ended. */
static void gate_doubt_leaks(struct textbuf *reasons, const struct process *process)
{
    struct textbuf reason = {0};
    if (process->has_leak_check && process->leak_check.status == MMT_LEAK_DONE) {
        unsearched_put_threads(&reason, process);
    } else if (!process->incomplete) {
        textbuf_put(&reason, "leaks were not searched for");
        if (unsearched_by_choice(process))
            textbuf_format(&reason, ": %s; --no-leaks judges errors only", unsearched_choice);
    }
    if (textbuf_text(&reason)[0] != '\0')
        gate_doubt(reasons, process, textbuf_text(&reason));
    textbuf_free(&reason);
}

static void gate_doubt_process(struct textbuf *reasons, const struct profile *profile,
                               uint32_t index, bool leaks)
{
    const struct process *process = &profile->processes.items[index];
    if (process->has_mark) {
        struct textbuf reason = {0};
        unended_put_reason(&reason, process);
        gate_doubt(reasons, process, textbuf_text(&reason));
        textbuf_free(&reason);
        return;
    }
    if (process->incomplete)
        gate_doubt(reasons, process, "its trace is cut off (was the disk full?)");
    if (process->backend[0] == '\0' || strcmp(process->backend, "none") == 0)
        gate_doubt(reasons, process, "it ran unguarded (its notes in the summary say why)");
    if (leaks)
        gate_doubt_leaks(reasons, process);
    if (process->counters.findings_dropped != 0)
        gate_doubt(reasons, process, "some of its errors have no record (option max_errors)");
    for (size_t i = profile_first_note(profile, index);
         i < profile->notes.count && profile->notes.items[i].process == index; i++)
        if (profile->notes.items[i].severity >= MMT_NOTE_INCOMPLETE)
            gate_doubt(reasons, process, profile->notes.items[i].text);
}

void gate_doubts(struct textbuf *reasons, const struct profile *profile, bool leaks)
{
    if (profile->processes.count == 0)
        textbuf_put(reasons, "no process was recorded (is this the folder of mmguard -o?)\n");
    if (profile->lost_files != 0) {
        textbuf_format(reasons, "%zu file%s could not be read\n", profile->lost_files,
                       profile->lost_files == 1 ? "" : "s");
    }
    for (uint32_t i = 0; i < profile->processes.count; i++)
        gate_doubt_process(reasons, profile, i, leaks);
}
