/* SPDX-License-Identifier: MIT */
#include "render/view.h"

void view_complete(struct view *view, unsigned wanted, struct view_parts *room)
{
    *room = (struct view_parts){0};
    if ((wanted & VIEW_STACKS) != 0 && view->stacks == NULL) {
        leakstacks_sum(&room->stacks, view->profile, METRIC_LEAKED, view->kinds, LEAKSTACKS_NOBODY,
                       0);
        view->stacks = &room->stacks;
        room->made |= VIEW_STACKS;
    }
    if ((wanted & VIEW_TREE) != 0 && view->tree == NULL) {
        leaktree_build(&room->tree, view->profile,
                       &(struct leaktree_options){.kinds = view->kinds});
        view->tree = view->origin_tree = &room->tree;
        room->made |= VIEW_TREE;
    }
}

void view_release(struct view *view, struct view_parts *room)
{
    if ((room->made & VIEW_STACKS) != 0) {
        view->stacks = NULL;
        leakstacks_free(&room->stacks);
    }
    if ((room->made & VIEW_TREE) != 0) {
        view->tree = view->origin_tree = NULL;
        leaktree_free(&room->tree);
    }
}
