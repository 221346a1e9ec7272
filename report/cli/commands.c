/* SPDX-License-Identifier: MIT */
#include "cli/commands.h"

#include "cli/arguments.h"
#include "cli/outcome.h"
#include "load/load.h"
#include "query/leaktree.h"
#include "query/totals.h"
#include "render/json_output.h"
#include "render/text_finding.h"
#include "render/text_summary.h"
#include "render/text_node.h"
#include "render/text_tree.h"
#include "sym/resolve.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define COMMAND_BAD         2
#define COMMAND_MIN_PERCENT 0.5

/* What all commands begin with. Returns false if the command is over, with its status. */
static bool command_begin(struct arguments *arguments, enum arguments_command command, int argc,
                          char **argv, struct profile *profile, int *status)
{
    *status = COMMAND_BAD;
    if (!arguments_read(arguments, command, argc, argv)) {
        return false;
    }
    if (arguments->help) {
        arguments_help();
        *status = 0;
        return false;
    }
    struct failure failure = {0};
    profile_init(profile);
    bool from_input = command == ARGUMENTS_FINDING ||
                      (arguments->file_count == 1 && strcmp(arguments->files[0], "-") == 0);
    bool loaded = from_input
                      ? load_descriptor(profile, STDIN_FILENO, "standard input", &failure)
                      : load_paths(profile, arguments->files, arguments->file_count, &failure);
    if (!loaded) {
        failure_print(&failure);
        failure_free(&failure);
    } else if (profile->processes.count == 0) {
        if (!profile->incomplete) { /* else the loader has said why */
            failure_warn("%s: no process was recorded",
                         arguments->file_count != 0 ? arguments->files[0] : "standard input");
        }
    } else {
        return true;
    }
    profile_free(profile);
    return false;
}

/* What all commands end with. Returns the status. */
static int command_end(struct profile *profile)
{
    struct totals totals;
    totals_sum(&totals, profile, TOTALS_ALL);
    profile_free(profile);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        failure_warn("standard output: %s", strerror(errno));
        return COMMAND_BAD;
    }
    return totals.incomplete ? COMMAND_BAD : 0;
}

static struct style command_style(const struct arguments *arguments)
{
    struct style style;
    style_init(&style, stdout, arguments->color);
    style.all_frames = arguments->all_frames;
    return style;
}

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
    return command_end(&profile);
}

static void command_name_findings(struct profile *profile, bool warn)
{
    struct resolve_set wanted;
    resolve_set_init(&wanted, profile);
    for (size_t i = 0; i < profile->findings.count; i++) {
        resolve_set_add_finding(&wanted, profile, &profile->findings.items[i]);
    }
    resolve_names(profile, &wanted, warn);
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
        command_name_findings(&profile, true);
    }
    if (arguments.json) {
        json_errors(stdout, &profile, arguments.all_frames);
    } else {
        command_print_findings(&arguments, &profile);
        if (profile.findings.count == 0) {
            puts("no errors");
        }
    }
    return command_end(&profile);
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
        command_name_findings(&profile, false);
    }
    command_print_findings(&arguments, &profile);
    profile.incomplete = false;
    for (size_t i = 0; i < profile.processes.count; i++) {
        profile.processes.items[i].incomplete = false;
    }
    return command_end(&profile);
}

/* Leaks that were not searched for are not known: then there is no tree. */
static bool command_tree_has_data(const struct arguments *arguments, const struct profile *profile)
{
    struct totals totals;
    totals_sum(&totals, profile, TOTALS_ALL);
    if (totals.searched == totals.processes) {
        return true;
    }
    if (totals.processes == 1) {
        failure_warn("%s: leaks were not searched for", arguments->files[0]);
    } else {
        failure_warn("leaks were not searched for in %zu of %zu processes",
                     totals.processes - totals.searched, totals.processes);
    }
    return totals.searched != 0 || profile->leaks.count != 0;
}

static void command_print_tree(const struct arguments *arguments, const struct leaktree *tree,
                               const struct leaktree *origin_tree)
{
    if (arguments->json) {
        json_tree(stdout, tree,
                  &(struct json_tree_options){
                      .min_percent = arguments->min_percent,
                      .depth = arguments->depth,
                      .origin_tree = origin_tree,
                  });
        return;
    }
    struct style style = command_style(arguments);
    if (tree->nodes.items[0].blocks == 0) {
        struct textbuf kinds = {0};
        text_node_put_kinds(&kinds, arguments->kinds);
        printf("no leaks of the kinds %s\n", textbuf_text(&kinds));
        textbuf_free(&kinds);
        return;
    }
    text_node_origin(&style, origin_tree);
    putchar('\n');
    text_tree(&style, tree,
              &(struct text_tree_options){
                  .min_percent = arguments->has_min ? arguments->min_percent : COMMAND_MIN_PERCENT,
                  .depth = arguments->depth,
                  .fold = !arguments->no_fold,
              });
}

int command_tree(int argc, char **argv)
{
    struct arguments arguments;
    struct profile profile;
    int status;
    if (!command_begin(&arguments, ARGUMENTS_TREE, argc, argv, &profile, &status)) {
        return status;
    }
    if (!command_tree_has_data(&arguments, &profile)) {
        profile_free(&profile);
        return COMMAND_BAD;
    }
    if (!arguments.no_symbols) {
        struct resolve_set wanted;
        resolve_set_init(&wanted, &profile);
        resolve_set_add_leaks(&wanted, &profile, arguments.kinds);
        resolve_names(&profile, &wanted, true);
        resolve_set_free(&wanted);
    }
    struct leaktree_options options = {.kinds = arguments.kinds,
                                       .all_frames = arguments.all_frames};
    struct leaktree tree, inverted;
    leaktree_build(&tree, &profile, &options);
    options.invert = true;
    if (arguments.invert) {
        leaktree_build(&inverted, &profile, &options);
    }
    command_print_tree(&arguments, arguments.invert ? &inverted : &tree, &tree);
    if (arguments.invert) {
        leaktree_free(&inverted);
    }
    leaktree_free(&tree);
    return command_end(&profile);
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
    outcome_print(&style, &profile, arguments.kinds);
    return command_end(&profile);
}
