/* SPDX-License-Identifier: MIT
 *
 * The commands for continuous integration: gate, baseline, suppressions, export.
 */
#include "cli/begin.h"
#include "cli/commands.h"
#include "cli/verdict.h"
#include "load/baseline_file.h"
#include "query/suppress.h"
#include "query/totals.h"
#include "render/exporting.h"
#include "render/json_gate.h"
#include "render/text_gate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Functions that a suggested suppression names. */
#define SUGGESTED_CALLERS 3

static const struct symsearch *command_search(const struct arguments *arguments)
{
    return arguments->no_symbols ? NULL : &arguments->search;
}

/* Names and gathers what all commands of this file need. */
static void command_gather(const struct arguments *arguments, struct profile *profile,
                           struct issues *issues)
{
    if (arguments->no_leaks) {
        profile->leaks.count = 0;
    }
    verdict_names(profile, arguments->kinds, command_search(arguments));
    issues_gather(issues, profile, arguments->kinds);
}

/* Loads it before. */
static bool command_begin_issues(struct arguments *arguments, enum arguments_command command,
                                 int argc, char **argv, struct profile *profile,
                                 struct issues *issues, int *status)
{
    if (!command_begin(arguments, command, argc, argv, profile, status)) {
        return false;
    }
    command_gather(arguments, profile, issues);
    if (arguments->own) {
        issues_keep_own(issues);
    }
    return true;
}

/* What command_end() would say about the profile is replaced by what the command says. */
static int command_end_issues(struct arguments *arguments, struct profile *profile,
                              struct issues *issues, int status)
{
    issues_free(issues);
    int written = command_end(arguments, profile);
    return status != 0 ? status : written;
}

/* Reads a baseline, NULL for none, and takes over what it was made with. */
static bool command_read_baseline(struct arguments *arguments, const char *path,
                                  struct baseline *baseline)
{
    if (path == NULL) {
        return true;
    }
    if (!verdict_baseline(baseline, path, arguments->kinds, textbuf_text(&arguments->suppressions),
                          arguments->no_builtin, command_search(arguments))) {
        return false;
    }
    unsigned kinds = arguments->no_leaks ? 0 : arguments->kinds;
    if (!verdict_scope(&baseline->scope, arguments->has_kinds || arguments->no_leaks, &kinds,
                       &arguments->own)) {
        failure_warn("%s: was made without some kinds of leaks that --kind names; make it anew "
                     "with the same --kind",
                     path);
        return false;
    }
    arguments->no_leaks |= kinds == 0;
    arguments->kinds = kinds;
    return true;
}

int command_gate(int argc, char **argv)
{
    struct arguments arguments;
    struct profile profile;
    struct issues issues = {0};
    struct baseline baseline = {0};
    struct gate gate;
    struct textbuf doubts = {0};
    int status;
    if (!command_begin(&arguments, ARGUMENTS_GATE, argc, argv, &profile, &status)) {
        return status;
    }
    status = COMMAND_BAD;
    if ((arguments.policy_file == NULL ||
         verdict_policy(&arguments.policy, arguments.policy_file)) &&
        command_read_baseline(&arguments, arguments.baseline, &baseline)) {
        command_gather(&arguments, &profile, &issues);
        gate_doubts(&doubts, &profile, !arguments.no_leaks);
        arguments.policy.kinds = arguments.no_leaks ? 0 : arguments.kinds;
        arguments.policy.own = arguments.own;
        gate_decide(&gate, &issues, &baseline, &arguments.policy);
        if (arguments.json) {
            json_gate(stdout, &profile, &gate, textbuf_text(&doubts));
        } else {
            struct style style = command_style(&arguments);
            text_gate(&style, &profile, &gate, textbuf_text(&doubts));
        }
        status = verdict_status(&gate, textbuf_text(&doubts));
        gate_free(&gate);
    }
    baseline_free(&baseline);
    textbuf_free(&doubts);
    return command_end_issues(&arguments, &profile, &issues, status);
}

/* The baseline after this run: ceilings fall and findings go; with `accept` ceilings rise and
 * findings come. Returns how many would have to be accepted. */
static size_t command_merge_baseline(struct baseline *next, const struct baseline *old,
                                     const struct issues *issues, bool accept)
{
    size_t refused = 0;
    for (size_t i = 0; i < issues->items.count; i++) {
        const struct issue *issue = &issues->items.items[i];
        uint32_t id = baseline_find(old, issue->hash);
        struct baseline_entry entry = {issue->hash,  issue->kind,  issue->path,
                                       issue->count, issue->bytes, !issue->own};
        const struct baseline_entry *known = id != 0 ? &old->entries.items[id - 1] : NULL;
        if (!accept) {
            refused += known == NULL || issue->count > known->count || issue->bytes > known->bytes;
            if (known == NULL) {
                continue;
            }
            entry.count = known->count < entry.count ? known->count : entry.count;
            entry.bytes = known->bytes < entry.bytes ? known->bytes : entry.bytes;
        }
        baseline_put(next, &entry);
    }
    return refused;
}

int command_baseline(int argc, char **argv)
{
    struct arguments arguments;
    struct profile profile;
    struct issues issues = {0};
    struct baseline old = {0}, next = {0};
    struct textbuf doubts = {0};
    struct failure failure = {0};
    int status;
    if (!command_begin(&arguments, ARGUMENTS_BASELINE, argc, argv, &profile, &status)) {
        return status;
    }
    status = COMMAND_BAD;
    bool read = command_read_baseline(&arguments, arguments.update, &old);
    gate_doubts(&doubts, &profile, !arguments.no_leaks);
    if (read && textbuf_text(&doubts)[0] != '\0') {
        failure_warn("no baseline can be made: %.*s", (int)strcspn(textbuf_text(&doubts), "\n"),
                     textbuf_text(&doubts));
    } else if (read) {
        command_gather(&arguments, &profile, &issues);
        if (arguments.own) {
            issues_keep_own(&issues);
        }
        next.scope =
            (struct baseline_scope){true, arguments.own, arguments.no_leaks ? 0 : arguments.kinds};
        bool accept = arguments.accept || arguments.update == NULL;
        const char *path = arguments.output != NULL ? arguments.output : arguments.update;
        size_t refused = command_merge_baseline(&next, &old, &issues, accept);
        if (!baseline_write(&next, path, &failure)) {
            failure_print(&failure);
        } else {
            status = refused != 0;
        }
        if (refused != 0) {
            failure_warn("%zu new or grown, not taken over; --accept does", refused);
        }
    }
    failure_free(&failure);
    baseline_free(&old);
    baseline_free(&next);
    textbuf_free(&doubts);
    return command_end_issues(&arguments, &profile, &issues, status);
}

int command_suppressions(int argc, char **argv)
{
    struct arguments arguments;
    struct profile profile;
    struct issues issues;
    int status;
    if (!command_begin_issues(&arguments, ARGUMENTS_SUPPRESSIONS, argc, argv, &profile, &issues,
                              &status)) {
        return status;
    }
    for (size_t i = 0; i < profile.builtin.count; i++) {
        const struct builtin_sum *sum = &profile.builtin.items[i];
        printf("# built-in: %" PRIu64 " bytes in %" PRIu64 " blocks: %s\n", sum->bytes, sum->blocks,
               sum->why);
    }
    for (size_t i = 0; i < issues.items.count; i++) {
        const struct issue *issue = &issues.items.items[i];
        char *line = suppress_suggest(&profile, issue->kind, issue->stack, SUGGESTED_CALLERS);
        if (line != NULL) {
            puts(line);
        }
        free(line);
    }
    return command_end_issues(&arguments, &profile, &issues, 0);
}

int command_export(int argc, char **argv)
{
    struct arguments arguments;
    struct profile profile;
    struct issues issues;
    struct failure failure = {0};
    struct textbuf doubts = {0};
    int status;
    if (!command_begin_issues(&arguments, ARGUMENTS_EXPORT, argc, argv, &profile, &issues,
                              &status)) {
        return status;
    }
    char *root = exporting_root(arguments.root);
    gate_doubts(&doubts, &profile, !arguments.no_leaks);
    struct exporting exporting = {
        &profile,           &issues, root, textbuf_text(&doubts), arguments.kinds, EXPORTING_ALL,
        arguments.arguments};
    bool good = exporting_write(&exporting, (enum exporting_format)arguments.format,
                                arguments.output, &failure);
    if (!good) {
        failure_print(&failure);
    }
    failure_free(&failure);
    textbuf_free(&doubts);
    free(root);
    return command_end_issues(&arguments, &profile, &issues, good ? 0 : COMMAND_BAD);
}
