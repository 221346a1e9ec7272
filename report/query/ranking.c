/* SPDX-License-Identifier: MIT */
#include "query/ranking.h"

#include "query/leakstacks.h"

#include <stdlib.h>
#include <string.h>

struct ranking_builder {
    struct ranking *ranking;
    const struct leaktree *tree;
    uint32_t *rows; /* of each label: its row plus 1 */
    uint64_t *entry_bytes; /* of each row's entry */
};

static void ranking_begin(struct ranking_builder *builder, struct ranking *ranking,
                          const struct leaktree *tree)
{
    size_t labels = tree->paths.labels.count;
    memset(ranking, 0, sizeof *ranking);
    builder->ranking = ranking;
    builder->tree = tree;
    builder->rows = xalloc_zeroed(labels, sizeof *builder->rows);
    builder->entry_bytes = xalloc_zeroed(labels, sizeof *builder->entry_bytes);
}

static struct ranking_row *ranking_row(struct ranking_builder *builder, uint32_t node)
{
    const struct leaktree_node *one = &builder->tree->nodes.items[node];
    uint32_t *row = &builder->rows[one->label];
    if (*row == 0) {
        *VEC_PUSH(&builder->ranking->rows) = (struct ranking_row){.label = one->label};
        *row = (uint32_t)builder->ranking->rows.count;
    }
    struct ranking_row *found = &builder->ranking->rows.items[*row - 1];
    uint64_t *most = &builder->entry_bytes[one->label];
    uint64_t own = one->self_bytes;
    if (found->entry == 0 || own > *most) {
        found->entry = one->entry;
        *most = own;
    }
    return found;
}

struct ranking_sorted {
    const struct leaktree *tree;
    struct ranking_row row;
};

static int ranking_order(const void *left, const void *right)
{
    const struct ranking_sorted *a = left, *b = right;
    bool blocks = a->tree->options.sort == LEAKTREE_BY_BLOCKS;
    const uint64_t one[] = {blocks ? a->row.self_blocks : a->row.self_bytes,
                            blocks ? a->row.blocks : a->row.bytes};
    const uint64_t other[] = {blocks ? b->row.self_blocks : b->row.self_bytes,
                              blocks ? b->row.blocks : b->row.bytes};
    for (int i = 0; i < 2 && a->tree->options.sort != LEAKTREE_BY_NAME; i++)
        if (one[i] != other[i])
            return one[i] > other[i] ? -1 : 1;
    return paths_compare(&a->tree->paths, a->row.label, b->row.label);
}

static void ranking_end(struct ranking_builder *builder)
{
    struct ranking *ranking = builder->ranking;
    size_t count = ranking->rows.count;
    struct ranking_sorted *sorted = xalloc_zeroed(count + 1, sizeof *sorted);
    for (size_t i = 0; i < count; i++)
        sorted[i] = (struct ranking_sorted){builder->tree, ranking->rows.items[i]};
    qsort(sorted, count, sizeof *sorted, ranking_order);
    for (size_t i = 0; i < count; i++)
        ranking->rows.items[i] = sorted[i].row;
    free(sorted);
    free(builder->rows);
    free(builder->entry_bytes);
}

/* The parent of a node has the same label further out only if recursion is not folded. */
static bool ranking_counted_outside(const struct leaktree *tree, uint32_t id)
{
    const struct leaktree_node *nodes = tree->nodes.items;
    if (!tree->options.all_calls)
        return false;
    for (uint32_t at = nodes[id].parent; at != 0; at = nodes[at].parent)
        if (nodes[at].label == nodes[id].label)
            return true;
    return false;
}

void ranking_of_tree(struct ranking *ranking, const struct leaktree *tree, bool sites)
{
    struct ranking_builder builder;
    ranking_begin(&builder, ranking, tree);
    for (uint32_t id = 1; id < tree->nodes.count; id++) {
        const struct leaktree_node *node = &tree->nodes.items[id];
        struct ranking_row *row = ranking_row(&builder, id);
        row->self_bytes = profile_add(row->self_bytes, node->self_bytes);
        row->self_blocks = profile_add(row->self_blocks, node->self_blocks);
        if (!ranking_counted_outside(tree, id)) {
            row->bytes = profile_add(row->bytes, node->bytes);
            row->blocks = profile_add(row->blocks, node->blocks);
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < ranking->rows.count; i++) {
        const struct ranking_row *row = &ranking->rows.items[i];
        if (!sites || row->self_bytes != 0 || row->self_blocks != 0)
            ranking->rows.items[kept++] = *row;
    }
    ranking->rows.count = kept;
    ranking_end(&builder);
}

static void ranking_note_time(struct ranking_row *row, uint64_t start, const struct mmt_site *site)
{
    uint64_t first = site->first_time > start ? site->first_time - start : 0;
    uint64_t last = site->last_time > start ? site->last_time - start : 0;
    row->first = !row->has_times || first < row->first ? first : row->first;
    row->last = last > row->last ? last : row->last;
    row->has_times = true;
}

void ranking_times(struct ranking *ranking, struct leaktree *tree)
{
    const struct profile *profile = tree->profile;
    unsigned char *shown = xalloc_zeroed(profile->stacks.count, 1);
    uint32_t *rows = xalloc_zeroed(tree->paths.labels.count, sizeof *rows);
    struct leakstacks stacks;
    leakstacks_sum(&stacks, profile, tree->options.metric, tree->options.kinds, LEAKSTACKS_NOBODY,
                   0);
    for (size_t i = 0; i < stacks.items.count; i++)
        shown[stacks.items.items[i].stack] = 1;
    leakstacks_free(&stacks);
    for (size_t i = 0; i < ranking->rows.count; i++)
        rows[ranking->rows.items[i].label] = (uint32_t)i + 1;
    for (size_t i = 0; i < profile->sites.count; i++) {
        const struct site *site = &profile->sites.items[i];
        struct paths *paths = &tree->paths;
        if (!shown[site->record.stack] || site->record.first_time == 0 ||
            !paths_make(paths, site->record.stack) || paths->path.count == 0)
            continue;
        uint32_t entry = paths->path.items[paths->path.count - 1];
        uint32_t row = rows[paths->entries.items[entry].label];
        if (row != 0) {
            ranking_note_time(&ranking->rows.items[row - 1],
                              profile->processes.items[site->process].start_time, &site->record);
        }
    }
    free(shown);
    free(rows);
}

void ranking_callers(struct ranking *ranking, const struct leaktree *tree,
                     const unsigned char *marked)
{
    struct ranking_builder builder;
    ranking_begin(&builder, ranking, tree);
    for (uint32_t id = 1; id < tree->nodes.count; id++) {
        if (marked[id]) {
            const struct leaktree_node *node = &tree->nodes.items[id];
            struct ranking_row *row = ranking_row(&builder, node->parent);
            row->bytes = profile_add(row->bytes, node->bytes);
            row->blocks = profile_add(row->blocks, node->blocks);
        }
    }
    ranking_end(&builder);
}

void ranking_callees(struct ranking *ranking, const struct leaktree *tree,
                     const unsigned char *marked)
{
    struct ranking_builder builder;
    ranking_begin(&builder, ranking, tree);
    for (uint32_t id = 1; id < tree->nodes.count; id++) {
        const struct leaktree_node *node = &tree->nodes.items[id];
        if (marked[node->parent] && node->parent != 0) {
            struct ranking_row *row = ranking_row(&builder, id);
            row->bytes = profile_add(row->bytes, node->bytes);
            row->blocks = profile_add(row->blocks, node->blocks);
        }
    }
    ranking_end(&builder);
}

void ranking_free(struct ranking *ranking)
{
    VEC_FREE(&ranking->rows);
}
