/* SPDX-License-Identifier: MIT */
#include "cli/begin.h"

#include "cli/arguments_table.h"
#include "cli/suppressing.h"
#include "load/load.h"
#include "query/totals.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Loads what the arguments name. The two sets of a comparison are apart: the processes of the first
 * are those before profile->split. */
static bool command_load(struct command *command, struct failure *failure)
{
    const struct arguments *arguments = &command->arguments;
    struct profile *profile = &command->profile;
    bool from_input = command->id == ARGUMENTS_FINDING ||
                      (arguments->file_count == 1 && strcmp(arguments->files[0], "-") == 0);
    if (from_input)
        return load_descriptor(profile, STDIN_FILENO, "standard input", failure);
    if (command->id != ARGUMENTS_DIFF)
        return load_paths(profile, arguments->files, arguments->file_count, failure);
    if (!load_paths(profile, arguments->files, 1, failure))
        return false;
    profile->split = (uint32_t)profile->processes.count;
    return load_paths(profile, arguments->files + 1, 1, failure);
}

/* Takes out what is suppressed. Returns false after a message. */
static bool command_suppress(struct command *command)
{
    const struct arguments *arguments = &command->arguments;
    struct suppressions rules = {0};
    bool good = suppressing_load(&rules, textbuf_text(&arguments->suppressions));
    /* What the system's libraries keep is no leak, but it is live. */
    rules.no_builtin = arguments->no_builtin || arguments->metric == METRIC_LIVE;
    if (good) {
        suppressing_apply(&rules, &command->profile, command_search(command),
                          command->id == ARGUMENTS_FINDING || command->id == ARGUMENTS_ENDING
                              ? SUPPRESSING_SILENT
                              : SUPPRESSING_ALL);
    }
    suppressions_free(&rules);
    return good;
}

static void command_view(struct command *command)
{
    const struct arguments *arguments = &command->arguments;
    struct view *view = &command->view;
    *view = (struct view){
        .profile = &command->profile,
        .doubts = "",
        .kinds = arguments->kinds,
        .process = TOTALS_ALL,
        .min_percent = arguments->min_percent >= 0 ? arguments->min_percent
                       : arguments->json           ? 0
                                                   : COMMAND_MIN_PERCENT,
        .depth = arguments->depth,
        .limit = arguments->limit != UINT32_MAX ? arguments->limit
                 : arguments->json              ? 0
                                                : COMMAND_LIMIT,
        .fold = !arguments->no_fold,
        .arguments = arguments->arguments,
    };
    style_init(&view->style, stdout, arguments->color);
    view->style.all_frames = arguments->all_frames;
    view->style.full_names = arguments->full_names;
    view->style.source_lines = arguments->no_symbols ? 0 : arguments->source_lines;
    view->style.search = &arguments->search;
}

bool command_begin(struct command *command, enum arguments_command id, int argc, char **argv)
{
    struct arguments *arguments = &command->arguments;
    struct profile *profile = &command->profile;
    *command = (struct command){.id = id, .status = COMMAND_BAD};
    bool good = arguments_read(arguments, id, argc, argv);
    if (!good || arguments->help) {
        if (good) {
            arguments_help(id);
            command->status = 0;
        }
        arguments_free(arguments);
        return false;
    }
    struct failure failure = {0};
    profile_init(profile);
    if (!command_load(command, &failure)) {
        failure_print(&failure);
        failure_free(&failure);
    } else if (profile->processes.count == 0) {
        if (!profile->incomplete) { /* else the loader has said why */
            failure_warn("%s: no process was recorded",
                         arguments->file_count != 0 ? arguments->files[0] : "standard input");
        }
    } else if (command_suppress(command)) {
        command_view(command);
        return true;
    }
    profile_free(profile);
    arguments_free(arguments);
    return false;
}

void command_show(const struct command *command, view_writer *text, view_writer *json)
{
    (command->arguments.json ? json : text)(&command->view);
}

int command_end(struct command *command)
{
    struct totals totals;
    totals_sum(&totals, &command->profile, TOTALS_ALL);
    issues_free(&command->issues);
    textbuf_free(&command->doubts);
    profile_free(&command->profile);
    arguments_free(&command->arguments);
    return totals.incomplete ? COMMAND_BAD : 0;
}

const struct symsearch *command_search(const struct command *command)
{
    return command->arguments.no_symbols ? NULL : &command->arguments.search;
}
