/* SPDX-License-Identifier: MIT */
#ifndef RENDER_TEXT_TREE_H
#define RENDER_TEXT_TREE_H

#include "query/leaktree.h"
#include "render/style.h"

struct text_tree_options {
    double min_percent; /* nodes with less of all bytes are summed up in one line */
    unsigned depth; /* levels shown; 0: all */
    bool fold; /* functions with only one way on are one level */
};

/* Writes the tree as a table with a column of bytes, share of the total, blocks and name; of a tree
 * that compares, the changes. */
void text_tree(const struct style *style, const struct leaktree *tree,
               const struct text_tree_options *options);

#endif
