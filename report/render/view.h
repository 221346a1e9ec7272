/* SPDX-License-Identifier: MIT
 *
 * What is to be written, gathered before it is: every renderer, of text, JSON or an export format,
 * is a function of a view alone and writes to its style.out.
 */
#ifndef RENDER_VIEW_H
#define RENDER_VIEW_H

#include "query/changes.h"
#include "query/gate.h"
#include "query/issues.h"
#include "query/leakstacks.h"
#include "query/ranking.h"
#include "query/totals.h"
#include "query/treeview.h"
#include "render/style.h"

struct view {
    struct style style;
    const struct profile *profile;
    /* What was found out about it; NULL where nobody asked. */
    const struct issues *issues;
    const struct gate *gate;
    const struct leakstacks *stacks; /* of the leaks of these kinds */
    const struct leaktree *tree;
    const struct leaktree *origin_tree; /* not inverted, perhaps the tree itself */
    const struct ranking *ranking; /* of the tree */
    const struct changes *changes;
    const unsigned char *marked; /* nodes of the tree, a byte each */
    const char *doubts; /* why the findings may not be all, one a line; "" if they are */
    const char *root; /* absolute; exports name source files below it from there */
    unsigned kinds; /* of leaks: bits 1 << enum mmt_leak_kind */
    uint32_t process; /* an export is of this one's findings alone; TOTALS_ALL: of all */
    double min_percent; /* nodes of the tree with less of the whole are summed up in one line */
    unsigned depth; /* levels of the tree; 0: all */
    size_t limit; /* rows of a list; 0: all */
    bool fold; /* functions with only one way on are one level of the tree */
    bool arguments; /* those of programs are written as well */
    bool quiet; /* no sums at the end */
};

typedef void view_writer(const struct view *view);

/* The tree as the view prunes it. */
static inline struct treeview view_tree(const struct view *view)
{
    return (struct treeview){
        .tree = view->tree, .min_percent = view->min_percent, .depth = view->depth};
}

/* Parts of a view that are worked out when a renderer wants them. */
enum view_part {
    VIEW_STACKS = 1,
    VIEW_TREE = 2, /* the origin's as well */
};

/* Where such parts lie. */
struct view_parts {
    unsigned made; /* bits of enum view_part */
    struct leakstacks stacks;
    struct leaktree tree;
};

/* Adds the parts that are wanted, bits of enum view_part, and that the view has not, by its kinds
 * of leaks; until view_release(). */
void view_complete(struct view *view, unsigned wanted, struct view_parts *room);
void view_release(struct view *view, struct view_parts *room);

#endif
