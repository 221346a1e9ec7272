/* SPDX-License-Identifier: MIT
 *
 * What of a tree is shown: every renderer leaves out the same nodes and sums them up the same way.
 */
#ifndef QUERY_TREEVIEW_H
#define QUERY_TREEVIEW_H

#include "query/leaktree.h"

struct treeview {
    const struct leaktree *tree;
    double min_percent; /* nodes with less of the whole are left out; 0 to 100 */
    unsigned depth; /* levels shown; 0: all */
    bool unchanged; /* nodes that weigh nothing are shown too if min_percent is 0 */
};

/* Bytes and blocks of a node or of several; `before` is 0 where nothing is compared. */
struct treeview_amounts {
    uint64_t bytes, blocks;
    uint64_t bytes_before, blocks_before;
};

/* Of a node with all below it, or (`self`) of the stacks that end in it. */
struct treeview_amounts treeview_amounts(const struct treeview *view, uint32_t node, bool self);

/* Children at this depth (0: those of the root) are left out, however large. */
bool treeview_deep(const struct treeview *view, unsigned depth);

/* The first child of `parent` that is shown, and the next shown one behind `child`; 0: none. */
uint32_t treeview_first(const struct treeview *view, uint32_t parent, unsigned depth);
uint32_t treeview_next(const struct treeview *view, uint32_t child);

/* Sums up the children of `parent` that are left out. Returns their number. */
size_t treeview_left_out(const struct treeview *view, uint32_t parent, unsigned depth,
                         struct treeview_amounts *sum);

#endif
