/* SPDX-License-Identifier: MIT
 *
 * Leaks without their tree: a list of labels, each with what it allocated itself and what was
 * allocated below it; and the callers and callees of one function.
 */
#ifndef QUERY_RANKING_H
#define QUERY_RANKING_H

#include "query/leaktree.h"

struct ranking_row {
    uint32_t label, entry; /* entry: a call in it, as in struct leaktree_node */
    uint64_t self_bytes, self_blocks; /* of stacks that end there */
    uint64_t bytes, blocks; /* of stacks that pass through it; a stack counts once */
    uint64_t first,
        /* nanoseconds from the start of a process to when its stacks first and last allocated */
        last;
    bool has_times; /* first and last are known */
};

struct ranking {
    /* Most bytes (or blocks) of its own first; the order of the tree's options. */
    VEC(struct ranking_row) rows;
};

/* Ranks the labels of a tree that is not inverted. With `sites` only those with something of their
 * own. */
void ranking_of_tree(struct ranking *ranking, const struct leaktree *tree, bool sites);

/* Sets the times of the rows of a ranking of this tree's sites. */
void ranking_times(struct ranking *ranking, struct leaktree *tree);

/* The labels that call, or are called by, the nodes in `marked` (one byte a node), with the amounts
 * that pass through both; in the caller's list label 0 stands for none. Rows have no self part. */
void ranking_callers(struct ranking *ranking, const struct leaktree *tree,
                     const unsigned char *marked);
void ranking_callees(struct ranking *ranking, const struct leaktree *tree,
                     const unsigned char *marked);

void ranking_free(struct ranking *ranking);

#endif
