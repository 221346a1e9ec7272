/* SPDX-License-Identifier: MIT */
#include "cli/commands.h"

#include "cli/begin.h"
#include "cli/outcome.h"
#include "render/json_output.h"
#include "render/text_finding.h"
#include "render/text_summary.h"
#include "sym/resolve.h"

#include <stdio.h>

int command_summary(int argc, char **argv)
{
    struct arguments arguments;
    struct profile profile;
    int status;
    if (!command_begin(&arguments, ARGUMENTS_SUMMARY, argc, argv, &profile, &status)) {
        return status;
    }
    if (arguments.json) {
        json_summary(stdout, &profile);
    } else {
        struct style style = command_style(&arguments);
        text_summary(&style, &profile);
    }
    return command_end(&arguments, &profile);
}

static void command_name_findings(const struct arguments *arguments, struct profile *profile,
                                  bool warn)
{
    struct resolve_set wanted;
    resolve_set_init(&wanted, profile);
    for (size_t i = 0; i < profile->findings.count; i++) {
        resolve_set_add_finding(&wanted, profile, &profile->findings.items[i]);
    }
    resolve_names(profile, &wanted, &arguments->search, warn);
    resolve_set_free(&wanted);
}

static void command_print_findings(const struct arguments *arguments, const struct profile *profile)
{
    struct style style = command_style(arguments);
    for (size_t i = 0; i < profile->findings.count; i++) {
        fputs(i == 0 ? "" : "\n", stdout);
        text_finding(&style, profile, &profile->findings.items[i]);
    }
}

int command_errors(int argc, char **argv)
{
    struct arguments arguments;
    struct profile profile;
    int status;
    if (!command_begin(&arguments, ARGUMENTS_ERRORS, argc, argv, &profile, &status)) {
        return status;
    }
    if (!arguments.no_symbols) {
        command_name_findings(&arguments, &profile, true);
    }
    if (arguments.json) {
        struct style style = command_style(&arguments);
        json_errors(stdout, &profile, arguments.all_frames, &style);
    } else {
        command_print_findings(&arguments, &profile);
        if (profile.findings.count == 0) {
            puts("no errors");
        }
    }
    return command_end(&arguments, &profile);
}

int command_finding(int argc, char **argv)
{
    struct arguments arguments;
    struct profile profile;
    int status;
    if (!command_begin(&arguments, ARGUMENTS_FINDING, argc, argv, &profile, &status)) {
        return status;
    }
    if (!arguments.no_symbols) {
        command_name_findings(&arguments, &profile, false);
    }
    command_print_findings(&arguments, &profile);
    profile.incomplete = false;
    for (size_t i = 0; i < profile.processes.count; i++) {
        profile.processes.items[i].incomplete = false;
    }
    return command_end(&arguments, &profile);
}

int command_ending(int argc, char **argv)
{
    struct arguments arguments;
    struct profile profile;
    int status;
    if (!command_begin(&arguments, ARGUMENTS_ENDING, argc, argv, &profile, &status)) {
        return status;
    }
    struct style style = command_style(&arguments);
    bool any = outcome_print(&style, &profile, arguments.kinds);
    status = command_end(&arguments, &profile);
    return status == 0 && !any ? COMMAND_NOTHING : status;
}
