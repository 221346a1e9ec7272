/* SPDX-License-Identifier: MIT
 *
 * The commands that are about leaks: tree, top, function, diff.
 */
#include "cli/begin.h"
#include "cli/commands.h"
#include "query/changes.h"
#include "query/ranking.h"
#include "query/totals.h"
#include "render/json_lists.h"
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
    if (searched == processes && processes != 0) {
        return true;
    }
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
    for (uint32_t i = first; i < end; i++) {
        counted += profile->processes.items[i].has_sites;
    }
    if (counted == processes && processes != 0) {
        return true;
    }
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

static void command_name_stacks(const struct arguments *arguments, struct profile *profile)
{
    struct resolve_set wanted;
    resolve_set_init(&wanted, profile);
    resolve_set_add_leaks(&wanted, profile, arguments->kinds);
    for (size_t i = 0; metric_of_sites((enum metric)arguments->metric) && i < profile->sites.count;
         i++) {
        resolve_set_add(&wanted, profile, profile->sites.items[i].record.stack);
    }
    resolve_names(profile, &wanted, &arguments->search, true);
    resolve_set_free(&wanted);
}

/* Loads and names what a command about leaks needs. Leaks that were not searched for are not known:
 * then there is nothing to show. */
static bool command_begin_leaks(struct arguments *arguments, enum arguments_command command,
                                int argc, char **argv, struct profile *profile, int *status)
{
    if (!command_begin(arguments, command, argc, argv, profile, status)) {
        return false;
    }
    uint32_t split = profile->split, count = (uint32_t)profile->processes.count;
    bool diff = command == ARGUMENTS_DIFF;
    bool (*known)(const struct profile *, const char *, uint32_t, uint32_t) =
        metric_of_sites((enum metric)arguments->metric) ? command_counted : command_searched;
    bool good = known(profile, arguments->files[0], 0, diff ? split : count);
    if (diff) {
        bool after = known(profile, arguments->files[1], split, count);
        good = good && after;
    }
    if (!good) {
        command_end(arguments, profile);
        *status = COMMAND_BAD;
        return false;
    }
    if (!arguments->no_symbols) {
        command_name_stacks(arguments, profile);
    }
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
    if (tree->nodes.items[0].blocks != 0 || tree->before != NULL) {
        return true;
    }
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

static void command_text_tree(const struct arguments *arguments, const struct style *style,
                              const struct leaktree *tree)
{
    text_tree(style, tree,
              &(struct text_tree_options){
                  .min_percent = command_min(arguments),
                  .depth = arguments->depth,
                  .fold = !arguments->no_fold,
              });
}

static void command_print_tree(const struct arguments *arguments, const struct leaktree *tree,
                               const struct leaktree *origin_tree)
{
    struct style style = command_style(arguments);
    if (arguments->json) {
        json_tree(stdout, tree,
                  &(struct json_tree_options){
                      .min_percent = command_min(arguments),
                      .depth = arguments->depth,
                      .origin_tree = origin_tree,
                      .style = &style,
                  });
        return;
    }
    if (command_has_leaks(tree)) {
        text_node_origin(&style, origin_tree);
        putchar('\n');
        command_text_tree(arguments, &style, tree);
    }
}

int command_tree(int argc, char **argv)
{
    struct arguments arguments;
    struct profile profile;
    int status;
    if (!command_begin_leaks(&arguments, ARGUMENTS_TREE, argc, argv, &profile, &status)) {
        return status;
    }
    struct leaktree_options options = command_tree_options(&arguments);
    struct leaktree tree, inverted;
    leaktree_build(&tree, &profile, &options);
    if (arguments.invert) {
        options.invert = true;
        leaktree_build(&inverted, &profile, &options);
    }
    command_print_tree(&arguments, arguments.invert ? &inverted : &tree, &tree);
    if (arguments.invert) {
        leaktree_free(&inverted);
    }
    leaktree_free(&tree);
    return command_end(&arguments, &profile);
}

int command_top(int argc, char **argv)
{
    struct arguments arguments;
    struct profile profile;
    int status;
    if (!command_begin_leaks(&arguments, ARGUMENTS_TOP, argc, argv, &profile, &status)) {
        return status;
    }
    struct leaktree_options options = command_tree_options(&arguments);
    struct leaktree tree;
    struct ranking ranking;
    leaktree_build(&tree, &profile, &options);
    ranking_of_tree(&ranking, &tree, true);
    ranking_times(&ranking, &tree);
    if (arguments.json) {
        json_top(stdout, &tree, &ranking, command_limit(&arguments));
    } else if (command_has_leaks(&tree)) {
        struct style style = command_style(&arguments);
        text_top(&style, &tree, &ranking, command_limit(&arguments));
    }
    ranking_free(&ranking);
    leaktree_free(&tree);
    return command_end(&arguments, &profile);
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
    struct arguments arguments;
    struct profile profile;
    int status;
    if (!command_begin_leaks(&arguments, ARGUMENTS_FUNCTION, argc, argv, &profile, &status)) {
        return status;
    }
    struct leaktree_options options = command_tree_options(&arguments);
    struct leaktree tree;
    leaktree_build(&tree, &profile, &options);
    unsigned char *marked = xalloc_zeroed(tree.nodes.count, 1);
    bool found = command_mark_function(&tree, arguments.function, marked);
    struct style style = command_style(&arguments);
    if (found && arguments.json) {
        json_function(stdout, &tree, marked, command_limit(&arguments), &style);
    } else if (found) {
        text_function(&style, &tree, marked, command_limit(&arguments));
    }
    free(marked);
    leaktree_free(&tree);
    status = command_end(&arguments, &profile);
    return found ? status : COMMAND_BAD;
}

int command_diff(int argc, char **argv)
{
    struct arguments arguments;
    struct profile profile;
    int status;
    if (!command_begin_leaks(&arguments, ARGUMENTS_DIFF, argc, argv, &profile, &status)) {
        return status;
    }
    struct leaktree_options options = command_tree_options(&arguments);
    struct leaktree tree;
    struct changes changes;
    options.split = profile.split;
    options.invert = arguments.invert;
    leaktree_build(&tree, &profile, &options);
    changes_find(&changes, &profile, arguments.kinds, profile.split,
                 pathfilter_used(&arguments.filter) ? &tree.paths : NULL);
    if (arguments.json) {
        json_diff(stdout, &changes, &tree,
                  &(struct json_tree_options){.min_percent = command_min(&arguments),
                                              .depth = arguments.depth},
                  command_limit(&arguments));
    } else {
        struct style style = command_style(&arguments);
        if (!metric_of_sites(options.metric)) {
            text_changes(&style, &profile, &changes, command_limit(&arguments));
            putchar('\n');
        }
        command_text_tree(&arguments, &style, &tree);
    }
    changes_free(&changes);
    leaktree_free(&tree);
    return command_end(&arguments, &profile);
}
