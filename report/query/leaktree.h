/* SPDX-License-Identifier: MIT
 *
 * Leaks by call path: a prefix tree of labels (query/paths.h), from the outermost caller to the
 * function that allocated, or the other way round. A node sums up the leaks of every stack that
 * passes through it; the sums of its children and its own part are its sums. The likely origin is
 * the deepest node that still has most of all bytes.
 *
 * A tree may compare two sets of processes: then each node has the sums of both, and its weight is
 * what changed below it.
 *
 * The tree of a set of traces is the same in whatever order they were loaded, but for the numbers
 * of nodes.
 */
#ifndef QUERY_LEAKTREE_H
#define QUERY_LEAKTREE_H

#include "query/metric.h"
#include "query/paths.h"

/* Share of all bytes, in percent, that the likely origin must have. */
#define LEAKTREE_ORIGIN_PERCENT 80

#define LEAKTREE_COUNTED   ((1u << MMT_LEAK_DEFINITE) | (1u << MMT_LEAK_INDIRECT))
#define LEAKTREE_ALL_KINDS ((1u << MMT_LEAK_KINDS) - 1)

struct leaktree_node {
    uint32_t parent; /* the root (node 0) has itself */
    uint32_t first_child, next_sibling; /* 0: none; in the order asked for */
    uint32_t label; /* in paths.labels */
    uint32_t entry; /* in paths.entries: the call of the largest leak; 0: none */
    bool several_lines; /* other calls in this function are at other lines */
    uint64_t entry_bytes;
    uint64_t bytes, blocks;
    uint64_t self_bytes, self_blocks; /* of stacks that end here */
};

/* The first set of processes, when two are compared; the node itself has the second. */
struct leaktree_before {
    uint64_t bytes, blocks, self_bytes, self_blocks;
    uint64_t changed_bytes,
        changed_blocks; /* sums of the absolute changes of all self parts below */
};

enum leaktree_sort { LEAKTREE_BY_BYTES, LEAKTREE_BY_BLOCKS, LEAKTREE_BY_NAME };

struct leaktree_options {
    enum metric metric;
    unsigned kinds; /* bit 1 << enum mmt_leak_kind: counted; 0 if the metric is none of leaks */
    bool invert; /* from the allocating function outwards */
    bool all_frames; /* allocator and start-up frames as well */
    bool all_calls; /* recursion is not folded */
    enum paths_group group;
    enum leaktree_sort sort;
    const struct pathfilter *filter; /* NULL: none */
    /* Processes from this index on are compared with those before it; 0: no comparison. */
    uint32_t split;
};

struct leaktree {
    const struct profile *profile;
    struct leaktree_options options;
    struct paths paths;
    VEC(struct leaktree_node) nodes; /* element 0 is the root and has the sums of all */
    struct leaktree_before *before; /* one a node, NULL if nothing is compared */
    uint64_t left_out_bytes, left_out_blocks; /* of stacks that the filter left out */
    struct idmap index;
};

/* Builds the tree of a profile, whose frames should have their names by now. The profile must
 * outlive the tree. */
void leaktree_build(struct leaktree *tree, const struct profile *profile,
                    const struct leaktree_options *options);

void leaktree_free(struct leaktree *tree);

static inline const struct paths_label *leaktree_label(const struct leaktree *tree, uint32_t node)
{
    return &tree->paths.labels.items[tree->nodes.items[node].label];
}

/* File and line of the largest leak's call in this function. Returns NULL if they are not known. */
const char *leaktree_place(const struct leaktree *tree, uint32_t node, uint32_t *line);

/* The size that decides about order and about what is too small to be shown: bytes, or changed
 * bytes; blocks if the tree is sorted by them. */
uint64_t leaktree_weight(const struct leaktree *tree, uint32_t node);

/* What the metric is about: of the bytes and blocks of a node or row, the one that shares are of.
 */
static inline uint64_t leaktree_amount(const struct leaktree *tree, uint64_t bytes, uint64_t blocks)
{
    return metric_counts(tree->options.metric) ? blocks : bytes;
}

/* The share that these bytes and blocks are of the whole. */
double leaktree_share_of(const struct leaktree *tree, uint64_t bytes, uint64_t blocks);

/* The deepest node that has at least LEAKTREE_ORIGIN_PERCENT of the whole, going from the root by
 * the largest child; 0 if there is none but the root. For a tree that is not inverted. */
uint32_t leaktree_origin(const struct leaktree *tree);

/* part / whole, 0 of nothing. */
double leaktree_share(uint64_t part, uint64_t whole);

#endif
