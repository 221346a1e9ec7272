/* SPDX-License-Identifier: MIT */
#ifndef TEXT_TREE_H
#define TEXT_TREE_H

#include "query/leaktree.h"
#include "render/style.h"

struct text_tree_options {
    double min_percent; /* nodes with less of all bytes are summed up in one line */
    unsigned depth;     /* levels shown; 0: all */
    bool fold;          /* functions with only one way on are one level */
    unsigned kinds;     /* of leaks, for the heading */
};

/* Writes the paragraph on the likely origin; `tree` is not inverted. */
void text_tree_origin(const struct style *style, const struct profile *profile,
                      const struct leaktree *tree);

/* Writes the tree as a table with a column of bytes, share of the total, blocks and name. */
void text_tree(const struct style *style, const struct profile *profile,
               const struct leaktree *tree, const struct text_tree_options *options);

/* Adds the names of the kinds in `kinds`: "definite, indirect". */
void text_tree_put_kinds(struct textbuf *buffer, unsigned kinds);

#endif
