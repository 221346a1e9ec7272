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
    struct command command;
    if (!command_begin(&command, ARGUMENTS_SUMMARY, argc, argv))
        return command.status;
    command_show(&command, text_summary, json_summary);
    return command_end(&command);
}

static void command_name_findings(struct command *command, bool warn)
{
    struct profile *profile = &command->profile;
    struct resolve_set wanted;
    if (command_search(command) == NULL)
        return;
    resolve_set_init(&wanted, profile);
    for (size_t i = 0; i < profile->findings.count; i++)
        resolve_set_add_finding(&wanted, profile, &profile->findings.items[i]);
    resolve_names(profile, &wanted, command_search(command), warn);
    resolve_set_free(&wanted);
}

int command_errors(int argc, char **argv)
{
    struct command command;
    if (!command_begin(&command, ARGUMENTS_ERRORS, argc, argv))
        return command.status;
    command_name_findings(&command, true);
    command_show(&command, text_errors, json_errors);
    return command_end(&command);
}

int command_finding(int argc, char **argv)
{
    struct command command;
    if (!command_begin(&command, ARGUMENTS_FINDING, argc, argv))
        return command.status;
    command_name_findings(&command, false);
    text_findings(&command.view);
    command.profile.incomplete = false;
    for (size_t i = 0; i < command.profile.processes.count; i++)
        command.profile.processes.items[i].incomplete = false;
    return command_end(&command);
}

int command_ending(int argc, char **argv)
{
    struct command command;
    if (!command_begin(&command, ARGUMENTS_ENDING, argc, argv))
        return command.status;
    bool any = outcome_print(&command.view.style, &command.profile, command.arguments.kinds);
    int status = command_end(&command);
    return status == 0 && !any ? COMMAND_NOTHING : status;
}
