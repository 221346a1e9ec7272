/* SPDX-License-Identifier: MIT
 *
 * The commands that are about leaks: tree, top, function, diff.
 */
#include "cli/begin.h"
#include "cli/commands.h"
#include "render/json_output.h"
#include "render/text_lists.h"
#include "render/text_node.h"
#include "render/text_tree.h"
#include "sym/resolve.h"
#include "util/shortname.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Says how many processes of [first, end) have no search for leaks. Returns false if all have none.
 */
static bool command_searched(const struct profile *profile, const char *name, uint32_t first,
                             uint32_t end)
{
    struct totals *each = totals_by_process(profile);
    size_t searched = 0, processes = end - first;
    uint64_t blocks = 0;
    for (uint32_t i = first; i < end; i++) {
        searched += each[i].searched;
        blocks = profile_add(blocks, totals_leak_blocks(&each[i], LEAKTREE_ALL_KINDS));
    }
    free(each);
    if (searched == processes && processes != 0)
        return true;
    if (processes < 2) {
        failure_warn("%s: leaks were not searched for", name);
    } else {
        failure_warn("leaks were not searched for in %zu of %zu processes", processes - searched,
                     processes);
    }
    return searched != 0 || blocks != 0;
}

/* The same for the counters of call sites. */
static bool command_counted(const struct profile *profile, const char *name, uint32_t first,
                            uint32_t end)
{
    size_t counted = 0, processes = end - first;
    for (uint32_t i = first; i < end; i++)
        counted += profile->processes.items[i].has_sites;
    if (counted == processes && processes != 0)
        return true;
    if (counted == 0) {
        failure_warn("%s: the trace has no counters of call sites; --metric=leaked and live need "
                     "none",
                     name);
    } else {
        failure_warn("%zu of %zu processes have no counters of call sites", processes - counted,
                     processes);
    }
    return counted != 0;
}

static void command_name_stacks(struct command *command)
{
    struct profile *profile = &command->profile;
    struct resolve_set wanted;
    resolve_set_init(&wanted, profile);
    resolve_set_add_leaks(&wanted, profile, command->arguments.kinds);
    bool sites = metric_of_sites((enum metric)command->arguments.metric);
    for (size_t i = 0; sites && i < profile->sites.count; i++)
        resolve_set_add(&wanted, profile, profile->sites.items[i].record.stack);
    resolve_names(profile, &wanted, &command->arguments.search, true);
    resolve_set_free(&wanted);
}

/* Loads and names what a command about leaks needs. Leaks that were not searched for are not known:
 * then there is nothing to show. */
static bool command_begin_leaks(struct command *command, enum arguments_command id, int argc,
                                char **argv)
{
    if (!command_begin(command, id, argc, argv))
        return false;
    const struct profile *profile = &command->profile;
    char *const *files = command->arguments.files;
    uint32_t split = profile->split, count = (uint32_t)profile->processes.count;
    bool diff = id == ARGUMENTS_DIFF;
    bool (*known)(const struct profile *, const char *, uint32_t, uint32_t) =
        metric_of_sites((enum metric)command->arguments.metric) ? command_counted
                                                                : command_searched;
    bool good = known(profile, files[0], 0, diff ? split : count);
    if (diff) {
        bool after = known(profile, files[1], split, count);
        good = good && after;
    }
    if (!good) {
        command_end(command);
        command->status = COMMAND_BAD;
        return false;
    }
    if (!command->arguments.no_symbols)
        command_name_stacks(command);
    return true;
}

static struct leaktree_options command_tree_options(const struct arguments *arguments)
{
    return (struct leaktree_options){
        .metric = (enum metric)arguments->metric,
        .kinds = arguments->kinds,
        .all_frames = arguments->all_frames,
        .all_calls = arguments->no_fold,
        .group = (enum paths_group)arguments->group,
        .sort = (enum leaktree_sort)arguments->sort,
        .filter = &arguments->filter,
    };
}

/* Leaks that only might be some are not shown unless they are asked for. */
static void command_mention_possible(const struct leaktree *tree)
{
    struct totals totals;
    struct textbuf amount = {0};
    totals_sum(&totals, tree->profile, TOTALS_ALL);
    uint64_t blocks = totals.leak_blocks[MMT_LEAK_POSSIBLE];
    if (blocks != 0 && tree->options.kinds == LEAKTREE_COUNTED) {
        style_put_amount(&amount, totals.leak_bytes[MMT_LEAK_POSSIBLE], blocks);
        printf("possibly lost: %s; --kind=possible shows them\n", textbuf_text(&amount));
    }
    textbuf_free(&amount);
}

static bool command_has_leaks(const struct leaktree *tree)
{
    if (tree->nodes.items[0].blocks != 0 || tree->before != NULL)
        return true;
    struct textbuf kinds = {0};
    const char *filtered =
        tree->left_out_blocks != 0 ? " that --focus, --ignore and --show-from leave" : "";
    if (metric_of_sites(tree->options.metric)) {
        printf("no %s%s\n", metric_whole(tree->options.metric), filtered);
        return false;
    }
    text_node_put_kinds(&kinds, tree->options.kinds);
    printf("no leaks of the kinds %s%s\n", textbuf_text(&kinds), filtered);
    command_mention_possible(tree);
    textbuf_free(&kinds);
    return false;
}

static void command_text_tree(const struct view *view)
{
    if (command_has_leaks(view->tree)) {
        text_node_origin(view);
        putchar('\n');
        text_tree(view);
    }
}

int command_tree(int argc, char **argv)
{
    struct command command;
    if (!command_begin_leaks(&command, ARGUMENTS_TREE, argc, argv))
        return command.status;
    bool invert = command.arguments.invert;
    struct leaktree_options options = command_tree_options(&command.arguments);
    struct leaktree tree, inverted;
    leaktree_build(&tree, &command.profile, &options);
    if (invert) {
        options.invert = true;
        leaktree_build(&inverted, &command.profile, &options);
    }
    command.view.tree = invert ? &inverted : &tree;
    command.view.origin_tree = &tree;
    command_show(&command, command_text_tree, json_tree);
    if (invert)
        leaktree_free(&inverted);
    leaktree_free(&tree);
    return command_end(&command);
}

static void command_text_top(const struct view *view)
{
    if (command_has_leaks(view->tree))
        text_top(view);
}

int command_top(int argc, char **argv)
{
    struct command command;
    if (!command_begin_leaks(&command, ARGUMENTS_TOP, argc, argv))
        return command.status;
    struct leaktree_options options = command_tree_options(&command.arguments);
    struct leaktree tree;
    struct ranking ranking;
    leaktree_build(&tree, &command.profile, &options);
    ranking_of_tree(&ranking, &tree, true);
    ranking_times(&ranking, &tree);
    command.view.tree = &tree;
    command.view.ranking = &ranking;
    command_show(&command, command_text_top, json_top);
    ranking_free(&ranking);
    leaktree_free(&tree);
    return command_end(&command);
}

static bool command_is_function(const char *function, const char *wanted)
{
    struct textbuf name = {0};
    bool same = strcmp(function, wanted) == 0;
    for (unsigned flags = 0; !same && flags <= SHORTNAME_SIGNATURE; flags++) {
        textbuf_clear(&name);
        shortname_put(&name, function, flags);
        same = strcmp(textbuf_text(&name), wanted) == 0;
    }
    textbuf_free(&name);
    return same;
}

/* Marks the nodes of the function with this name, whole or short; if there is none, of those that
 * match it as an expression. Returns false after a message if nothing does. */
static bool command_mark_function(const struct leaktree *tree, const char *wanted,
                                  unsigned char *marked)
{
    size_t labels = tree->paths.labels.count;
    unsigned char *matches = xalloc_zeroed(labels, 1);
    struct pathfilter filter = {0};
    struct failure failure = {0};
    bool found = false;
    for (size_t i = 0; i < labels; i++) {
        const char *function = tree->paths.labels.items[i].function;
        matches[i] = function != NULL && command_is_function(function, wanted);
        found |= matches[i] != 0;
    }
    if (!found && pathfilter_set(&filter, PATHFILTER_FOCUS, wanted, &failure)) {
        for (size_t i = 0; i < labels; i++) {
            const char *function = tree->paths.labels.items[i].function;
            matches[i] = function != NULL && pathfilter_match_text(&filter, function) != 0;
        }
    }
    found = false;
    for (size_t i = 1; i < tree->nodes.count; i++) {
        marked[i] = matches[tree->nodes.items[i].label];
        found |= marked[i] != 0;
    }
    if (!found) {
        failure_warn("no %s has a function '%s' in its stack",
                     metric_of_sites(tree->options.metric) ? "allocation" : "leak", wanted);
    }
    failure_free(&failure);
    pathfilter_free(&filter);
    free(matches);
    return found;
}

int command_function(int argc, char **argv)
{
    struct command command;
    if (!command_begin_leaks(&command, ARGUMENTS_FUNCTION, argc, argv))
        return command.status;
    struct leaktree_options options = command_tree_options(&command.arguments);
    struct leaktree tree;
    leaktree_build(&tree, &command.profile, &options);
    unsigned char *marked = xalloc_zeroed(tree.nodes.count, 1);
    bool found = command_mark_function(&tree, command.arguments.function, marked);
    command.view.tree = &tree;
    command.view.marked = marked;
    if (found)
        command_show(&command, text_function, json_function);
    free(marked);
    leaktree_free(&tree);
    int status = command_end(&command);
    return found ? status : COMMAND_BAD;
}

static void command_text_diff(const struct view *view)
{
    if (!metric_of_sites(view->tree->options.metric)) {
        text_changes(view);
        putchar('\n');
    }
    text_tree(view);
}

int command_diff(int argc, char **argv)
{
    struct command command;
    if (!command_begin_leaks(&command, ARGUMENTS_DIFF, argc, argv))
        return command.status;
    const struct arguments *arguments = &command.arguments;
    struct leaktree_options options = command_tree_options(arguments);
    struct leaktree tree;
    struct changes changes;
    options.split = command.profile.split;
    options.invert = arguments->invert;
    leaktree_build(&tree, &command.profile, &options);
    changes_find(&changes, &command.profile, arguments->kinds, command.profile.split,
                 pathfilter_used(&arguments->filter) ? &tree.paths : NULL);
    command.view.tree = &tree;
    command.view.changes = &changes;
    command_show(&command, command_text_diff, json_diff);
    changes_free(&changes);
    leaktree_free(&tree);
    return command_end(&command);
}
