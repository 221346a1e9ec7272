/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: any bytes as a trace, through loading, counting and all outputs.
 */
#include "fuzz.h"

#include "load/load.h"
#include "query/leaktree.h"
#include "query/ranking.h"
#include "render/json_output.h"
#include "render/text_finding.h"
#include "render/text_lists.h"
#include "render/text_node.h"
#include "render/text_summary.h"
#include "render/text_tree.h"

#include <stdlib.h>

static void show(const struct profile *profile, FILE *out)
{
    struct view view = {.profile = profile, .limit = 10};
    struct leaktree tree;
    struct ranking ranking;
    struct changes changes;
    struct leaktree_options options = {.kinds = LEAKTREE_ALL_KINDS};
    style_init(&view.style, out, STYLE_COLOR_ALWAYS);
    view.fold = true;
    view.tree = view.origin_tree = &tree;
    view.ranking = &ranking;
    view.changes = &changes;
    leaktree_build(&tree, profile, &options);
    ranking_of_tree(&ranking, &tree, true);
    ranking_times(&ranking, &tree);
    view.min_percent = 1;
    text_tree(&view);
    text_node_origin(&view);
    text_top(&view);
    view.min_percent = 0;
    view.depth = 200;
    json_tree(&view);
    ranking_free(&ranking);
    leaktree_free(&tree);
    options.split = profile->processes.count > 1 ? 1 : 0;
    options.invert = true;
    options.group = PATHS_THREAD;
    leaktree_build(&tree, profile, &options);
    changes_find(&changes, profile, LEAKTREE_ALL_KINDS, 1, &tree.paths);
    view.min_percent = 1;
    view.depth = 0;
    view.origin_tree = NULL;
    json_diff(&view);
    text_changes(&view);
    changes_free(&changes);
    leaktree_free(&tree);
    options = (struct leaktree_options){.metric = METRIC_PEAK, .group = PATHS_PROCESS};
    leaktree_build(&tree, profile, &options);
    ranking_of_tree(&ranking, &tree, true);
    ranking_times(&ranking, &tree);
    json_top(&view);
    text_top(&view);
    ranking_free(&ranking);
    leaktree_free(&tree);
    text_summary(&view);
    json_summary(&view);
    json_errors(&view);
    for (size_t i = 0; i < profile->findings.count && i < 16; i++) {
        text_finding(&view, &profile->findings.items[i]);
    }
}

int fuzz_load(const uint8_t *data, size_t size)
{
    static FILE *out;
    struct profile profile;
    struct failure failure = {0};
    if (out == NULL) {
        out = fopen("/dev/null", "w");
    }
    profile_init(&profile);
    if (out != NULL && load_bytes(&profile, "fuzz", data, size, false, &failure)) {
        show(&profile, out);
    }
    failure_free(&failure);
    profile_free(&profile);
    return 0;
}
