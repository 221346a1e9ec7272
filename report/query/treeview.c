/* SPDX-License-Identifier: MIT */
#include "query/treeview.h"

struct treeview_amounts treeview_amounts(const struct treeview *view, uint32_t node, bool self)
{
    const struct leaktree_node *now = &view->tree->nodes.items[node];
    struct treeview_amounts amounts = {
        .bytes = self ? now->self_bytes : now->bytes,
        .blocks = self ? now->self_blocks : now->blocks,
    };
    if (view->tree->before != NULL) {
        const struct leaktree_before *before = &view->tree->before[node];
        amounts.bytes_before = self ? before->self_bytes : before->bytes;
        amounts.blocks_before = self ? before->self_blocks : before->blocks;
    }
    return amounts;
}

bool treeview_deep(const struct treeview *view, unsigned depth)
{
    return view->depth != 0 && depth >= view->depth;
}

static bool treeview_shown(const struct treeview *view, uint32_t node)
{
    uint64_t weight = leaktree_weight(view->tree, node);
    if (weight == 0 && view->tree->before != NULL && !view->unchanged)
        return false;
    return view->min_percent <= 0 ||
           100 * leaktree_share(weight, leaktree_weight(view->tree, 0)) >= view->min_percent;
}

static uint32_t treeview_from(const struct treeview *view, uint32_t node)
{
    while (node != 0 && !treeview_shown(view, node))
        node = view->tree->nodes.items[node].next_sibling;
    return node;
}

uint32_t treeview_first(const struct treeview *view, uint32_t parent, unsigned depth)
{
    return treeview_deep(view, depth)
               ? 0
               : treeview_from(view, view->tree->nodes.items[parent].first_child);
}

uint32_t treeview_next(const struct treeview *view, uint32_t child)
{
    return treeview_from(view, view->tree->nodes.items[child].next_sibling);
}

size_t treeview_left_out(const struct treeview *view, uint32_t parent, unsigned depth,
                         struct treeview_amounts *sum)
{
    const struct leaktree_node *nodes = view->tree->nodes.items;
    bool deep = treeview_deep(view, depth);
    size_t count = 0;
    *sum = (struct treeview_amounts){0};
    for (uint32_t id = nodes[parent].first_child; id != 0; id = nodes[id].next_sibling) {
        if (!deep && treeview_shown(view, id))
            continue;
        struct treeview_amounts one = treeview_amounts(view, id, false);
        sum->bytes = profile_add(sum->bytes, one.bytes);
        sum->blocks = profile_add(sum->blocks, one.blocks);
        sum->bytes_before = profile_add(sum->bytes_before, one.bytes_before);
        sum->blocks_before = profile_add(sum->blocks_before, one.blocks_before);
        count++;
    }
    return count;
}
