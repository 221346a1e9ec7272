/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: any bytes as a trace, through loading, counting and all outputs.
 */
#include "fuzz.h"

#include "load/load.h"
#include "query/leaktree.h"
#include "query/ranking.h"
#include "render/json_lists.h"
#include "render/text_finding.h"
#include "render/text_lists.h"
#include "render/text_summary.h"
#include "render/text_tree.h"

#include <stdlib.h>

static void show(const struct profile *profile, FILE *out)
{
    struct style style;
    struct leaktree tree;
    struct ranking ranking;
    struct changes changes;
    struct leaktree_options options = {.kinds = LEAKTREE_ALL_KINDS};
    style_init(&style, out, STYLE_COLOR_ALWAYS);
    leaktree_build(&tree, profile, &options);
    ranking_of_tree(&ranking, &tree, true);
    ranking_times(&ranking, &tree);
    text_tree(&style, &tree, &(struct text_tree_options){.fold = true, .min_percent = 1});
    text_top(&style, &tree, &ranking, 10);
    json_tree(out, &tree, &(struct json_tree_options){.origin_tree = &tree, .depth = 200});
    ranking_free(&ranking);
    leaktree_free(&tree);
    options.split = profile->processes.count > 1 ? 1 : 0;
    options.invert = true;
    options.group = PATHS_THREAD;
    leaktree_build(&tree, profile, &options);
    changes_find(&changes, profile, LEAKTREE_ALL_KINDS, 1, &tree.paths);
    json_diff(out, &changes, &tree, &(struct json_tree_options){.min_percent = 1}, 10);
    text_changes(&style, profile, &changes, 10);
    changes_free(&changes);
    leaktree_free(&tree);
    options = (struct leaktree_options){.metric = METRIC_PEAK, .group = PATHS_PROCESS};
    leaktree_build(&tree, profile, &options);
    ranking_of_tree(&ranking, &tree, true);
    ranking_times(&ranking, &tree);
    json_top(out, &tree, &ranking, 10);
    text_top(&style, &tree, &ranking, 10);
    ranking_free(&ranking);
    leaktree_free(&tree);
    text_summary(&style, profile);
    json_summary(out, profile);
    json_errors(out, profile, false, NULL);
    for (size_t i = 0; i < profile->findings.count && i < 16; i++) {
        text_finding(&style, profile, &profile->findings.items[i]);
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
