/* SPDX-License-Identifier: MIT
 *
 * The commands for continuous integration: gate, baseline, suppressions, export.
 */
#include "cli/begin.h"
#include "cli/commands.h"
#include "cli/outcome_extra.h"
#include "cli/verdict.h"
#include "load/baseline_file.h"
#include "render/exporting.h"
#include "render/json_output.h"
#include "render/text_gate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Names and gathers what all commands of this file need. */
static void command_gather(struct command *command)
{
    if (command->arguments.no_leaks)
        command->profile.leaks.count = 0;
    verdict_names(&command->profile, command->arguments.kinds, command_search(command));
    issues_gather(&command->issues, &command->profile, command->arguments.kinds);
    command->view.issues = &command->issues;
}

static void command_gather_own(struct command *command)
{
    command_gather(command);
    if (command->arguments.own)
        issues_keep_own(&command->issues);
}

static void command_doubts(struct command *command)
{
    gate_doubts(&command->doubts, &command->profile, !command->arguments.no_leaks);
    command->view.doubts = textbuf_text(&command->doubts);
}

/* What command_end() would say about the profile is replaced by what the command says. */
static int command_end_with(struct command *command, int status)
{
    int written = command_end(command);
    return status != 0 ? status : written;
}

/* Reads a baseline, NULL for none, and takes over what it was made with. */
static bool command_read_baseline(struct command *command, const char *path,
                                  struct baseline *baseline)
{
    struct arguments *arguments = &command->arguments;
    const struct verdict_rules rules = {.kinds = arguments->kinds,
                                        .suppressions = textbuf_text(&arguments->suppressions),
                                        .no_builtin = arguments->no_builtin,
                                        .search = command_search(command)};
    if (path == NULL)
        return true;
    if (!verdict_baseline(baseline, path, &rules))
        return false;
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
    struct command command;
    struct baseline baseline = {0};
    struct gate gate;
    if (!command_begin(&command, ARGUMENTS_GATE, argc, argv))
        return command.status;
    struct arguments *arguments = &command.arguments;
    int status = COMMAND_BAD;
    if ((arguments->policy_file == NULL ||
         verdict_policy(&arguments->policy, arguments->policy_file)) &&
        command_read_baseline(&command, arguments->baseline, &baseline)) {
        command_gather(&command);
        command_doubts(&command);
        arguments->policy.kinds = arguments->no_leaks ? 0 : arguments->kinds;
        arguments->policy.own = arguments->own;
        gate_decide(&gate, &command.issues, &baseline, &arguments->policy);
        command.view.gate = &gate;
        command_show(&command, text_gate, json_gate);
        status = verdict_status(&gate, command.view.doubts);
        gate_free(&gate);
    }
    baseline_free(&baseline);
    return command_end_with(&command, status);
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
            if (known == NULL)
                continue;
            entry.count = known->count < entry.count ? known->count : entry.count;
            entry.bytes = known->bytes < entry.bytes ? known->bytes : entry.bytes;
        }
        baseline_put(next, &entry);
    }
    return refused;
}

int command_baseline(int argc, char **argv)
{
    struct command command;
    struct baseline old = {0}, next = {0};
    struct failure failure = {0};
    if (!command_begin(&command, ARGUMENTS_BASELINE, argc, argv))
        return command.status;
    const struct arguments *arguments = &command.arguments;
    int status = COMMAND_BAD;
    bool read = command_read_baseline(&command, arguments->update, &old);
    command_doubts(&command);
    if (read && command.view.doubts[0] != '\0') {
        failure_warn("no baseline can be made: %.*s", (int)strcspn(command.view.doubts, "\n"),
                     command.view.doubts);
    } else if (read) {
        command_gather_own(&command);
        next.scope = (struct baseline_scope){true, arguments->own,
                                             arguments->no_leaks ? 0 : arguments->kinds};
        bool accept = arguments->accept || arguments->update == NULL;
        const char *path = arguments->output != NULL ? arguments->output : arguments->update;
        size_t refused = command_merge_baseline(&next, &old, &command.issues, accept);
        if (!baseline_write(&next, path, &failure))
            failure_print(&failure);
        else
            status = refused != 0;
        if (refused != 0)
            failure_warn("%zu new or grown, not taken over; --accept does", refused);
    }
    failure_free(&failure);
    baseline_free(&old);
    baseline_free(&next);
    return command_end_with(&command, status);
}

int command_suppressions(int argc, char **argv)
{
    struct command command;
    if (!command_begin(&command, ARGUMENTS_SUPPRESSIONS, argc, argv))
        return command.status;
    command_gather_own(&command);
    for (size_t i = 0; i < command.profile.builtin.count; i++) {
        const struct builtin_sum *sum = &command.profile.builtin.items[i];
        printf("# built-in: %" PRIu64 " bytes in %" PRIu64 " blocks: %s\n", sum->bytes, sum->blocks,
               sum->why);
    }
    outcome_suggest(&command.view);
    return command_end_with(&command, 0);
}

int command_export(int argc, char **argv)
{
    struct command command;
    struct failure failure = {0};
    if (!command_begin(&command, ARGUMENTS_EXPORT, argc, argv))
        return command.status;
    char *root = exporting_root(command.arguments.root);
    command_gather_own(&command);
    command_doubts(&command);
    command.view.root = root;
    bool good = exporting_write(&command.view, (enum exporting_format)command.arguments.format,
                                command.arguments.output, &failure);
    if (!good)
        failure_print(&failure);
    failure_free(&failure);
    free(root);
    return command_end_with(&command, good ? 0 : COMMAND_BAD);
}
