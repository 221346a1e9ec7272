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
static bool command_load(const struct arguments *arguments, enum arguments_command command,
                         struct profile *profile, struct failure *failure)
{
    bool from_input = command == ARGUMENTS_FINDING ||
                      (arguments->file_count == 1 && strcmp(arguments->files[0], "-") == 0);
    if (from_input) {
        return load_descriptor(profile, STDIN_FILENO, "standard input", failure);
    }
    if (command != ARGUMENTS_DIFF) {
        return load_paths(profile, arguments->files, arguments->file_count, failure);
    }
    if (!load_paths(profile, arguments->files, 1, failure)) {
        return false;
    }
    profile->split = (uint32_t)profile->processes.count;
    return load_paths(profile, arguments->files + 1, 1, failure);
}

/* Takes out what is suppressed. Returns false after a message. */
static bool command_suppress(const struct arguments *arguments, enum arguments_command command,
                             struct profile *profile)
{
    struct suppressions rules = {0};
    bool good = suppressing_load(&rules, textbuf_text(&arguments->suppressions));
    /* What the system's libraries keep is no leak, but it is live. */
    rules.no_builtin = arguments->no_builtin || arguments->metric == METRIC_LIVE;
    if (good) {
        suppressing_apply(&rules, profile, arguments->no_symbols ? NULL : &arguments->search,
                          command == ARGUMENTS_FINDING || command == ARGUMENTS_ENDING
                              ? SUPPRESSING_SILENT
                              : SUPPRESSING_ALL);
    }
    suppressions_free(&rules);
    return good;
}

bool command_begin(struct arguments *arguments, enum arguments_command command, int argc,
                   char **argv, struct profile *profile, int *status)
{
    *status = COMMAND_BAD;
    bool good = arguments_read(arguments, command, argc, argv);
    if (!good || arguments->help) {
        if (good) {
            arguments_help(command);
            *status = 0;
        }
        arguments_free(arguments);
        return false;
    }
    struct failure failure = {0};
    profile_init(profile);
    if (!command_load(arguments, command, profile, &failure)) {
        failure_print(&failure);
        failure_free(&failure);
    } else if (profile->processes.count == 0) {
        if (!profile->incomplete) { /* else the loader has said why */
            failure_warn("%s: no process was recorded",
                         arguments->file_count != 0 ? arguments->files[0] : "standard input");
        }
    } else if (command_suppress(arguments, command, profile)) {
        return true;
    }
    profile_free(profile);
    arguments_free(arguments);
    return false;
}

int command_end(struct arguments *arguments, struct profile *profile)
{
    struct totals totals;
    totals_sum(&totals, profile, TOTALS_ALL);
    profile_free(profile);
    arguments_free(arguments);
    return totals.incomplete ? COMMAND_BAD : 0;
}

struct style command_style(const struct arguments *arguments)
{
    struct style style;
    style_init(&style, stdout, arguments->color);
    style.all_frames = arguments->all_frames;
    style.full_names = arguments->full_names;
    style.source_lines = arguments->no_symbols ? 0 : arguments->source_lines;
    style.search = &arguments->search;
    return style;
}

double command_min(const struct arguments *arguments)
{
    return arguments->min_percent >= 0 ? arguments->min_percent
           : arguments->json           ? 0
                                       : COMMAND_MIN_PERCENT;
}

size_t command_limit(const struct arguments *arguments)
{
    return arguments->limit != UINT32_MAX ? arguments->limit : arguments->json ? 0 : COMMAND_LIMIT;
}
