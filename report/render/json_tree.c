/* SPDX-License-Identifier: MIT */
#include "render/json_output.h"

#include "model/catalog.h"
#include "query/issues.h"
#include "query/treeview.h"
#include "render/json_labels.h"
#include "render/json_sources.h"

#include <inttypes.h>

#include <stdlib.h>

static void json_tree_name(struct jsonout *json, const struct leaktree *tree, uint32_t id)
{
    uint32_t line;
    const char *file = leaktree_place(tree, id, &line);
    json_label(json, tree->profile, leaktree_label(tree, id), file, line);
    if (file != NULL && tree->nodes.items[id].several_lines)
        jsonout_put_bool(json, "other_lines", true);
}

static void json_tree_amounts(struct jsonout *json, const struct leaktree *tree, uint32_t id)
{
    const struct leaktree_node *node = &tree->nodes.items[id];
    jsonout_put_number(json, "bytes", node->bytes);
    jsonout_put_number(json, "blocks", node->blocks);
    if (tree->before != NULL) {
        json_before(json, tree->before[id].bytes, tree->before[id].blocks, node->bytes,
                    node->blocks);
        return;
    }
    jsonout_key(json, "share");
    const struct leaktree_node *root = &tree->nodes.items[0];
    jsonout_share(json, leaktree_amount(tree, node->bytes, node->blocks),
                  leaktree_amount(tree, root->bytes, root->blocks));
}

static void json_tree_self(struct jsonout *json, const struct leaktree *tree, uint32_t id)
{
    const struct leaktree_node *node = &tree->nodes.items[id];
    jsonout_put_number(json, "self_bytes", node->self_bytes);
    jsonout_put_number(json, "self_blocks", node->self_blocks);
    if (tree->before != NULL) {
        jsonout_put_number(json, "self_bytes_before", tree->before[id].self_bytes);
        jsonout_put_number(json, "self_blocks_before", tree->before[id].self_blocks);
    }
}

/* What --min and --depth leave out of the children. */
static void json_tree_omitted(struct jsonout *json, const struct treeview *shown, uint32_t parent,
                              unsigned depth)
{
    struct treeview_amounts sum;
    size_t count = treeview_left_out(shown, parent, depth, &sum);
    if (count == 0)
        return;
    jsonout_key(json, "omitted");
    jsonout_open(json, '{');
    jsonout_put_number(json, "nodes", count);
    jsonout_put_number(json, "bytes", sum.bytes);
    jsonout_put_number(json, "blocks", sum.blocks);
    if (shown->tree->before != NULL) {
        jsonout_put_number(json, "bytes_before", sum.bytes_before);
        jsonout_put_number(json, "blocks_before", sum.blocks_before);
    }
    jsonout_close(json, '}');
}

static void json_tree_node(struct jsonout *json, const struct treeview *shown, uint32_t id,
                           unsigned depth)
{
    jsonout_open(json, '{');
    if (id != 0)
        json_tree_name(json, shown->tree, id);
    json_tree_amounts(json, shown->tree, id);
    json_tree_self(json, shown->tree, id);
    jsonout_key(json, "children");
    jsonout_open(json, '[');
    for (uint32_t child = treeview_first(shown, id, depth); child != 0;
         child = treeview_next(shown, child)) {
        jsonout_line(json);
        json_tree_node(json, shown, child, depth + 1);
    }
    jsonout_close(json, ']');
    json_tree_omitted(json, shown, id, depth);
    jsonout_close(json, '}');
}

static void json_tree_origin(struct jsonout *json, const struct leaktree *tree)
{
    uint32_t origin = leaktree_origin(tree);
    jsonout_key(json, "likely_origin");
    if (origin == 0) {
        jsonout_null(json);
        return;
    }
    VEC(uint32_t) path = {0};
    for (uint32_t id = origin; id != 0; id = tree->nodes.items[id].parent)
        *VEC_PUSH(&path) = id;
    jsonout_open(json, '{');
    json_tree_amounts(json, tree, origin);
    jsonout_key(json, "path");
    jsonout_open(json, '[');
    while (path.count != 0) {
        jsonout_line(json);
        jsonout_open(json, '{');
        json_tree_name(json, tree, path.items[--path.count]);
        jsonout_close(json, '}');
    }
    jsonout_close(json, ']');
    jsonout_close(json, '}');
    VEC_FREE(&path);
}

void json_tree_part(struct jsonout *json, const struct view *view)
{
    const struct leaktree *tree = view->tree;
    struct treeview shown = view_tree(view);
    shown.unchanged = true;
    json_metric(json, tree->options.metric, tree->options.kinds);
    jsonout_put_bool(json, "inverted", tree->options.invert);
    jsonout_put_text(json, "group_by", json_group(tree->options.group));
    json_left_out(json, tree->left_out_bytes, tree->left_out_blocks);
    if (view->origin_tree != NULL)
        json_tree_origin(json, view->origin_tree);
    jsonout_key(json, "tree");
    jsonout_line(json);
    json_tree_node(json, &shown, 0, 0);
}

/* What makes the report a baseline. */
static void json_tree_fingerprints(struct jsonout *json, const struct leaktree *tree)
{
    struct issues issues;
    char digits[20];
    issues_gather(&issues, tree->profile, tree->options.kinds);
    jsonout_key(json, "fingerprints");
    jsonout_open(json, '[');
    for (size_t i = 0; i < issues.items.count; i++) {
        const struct issue *issue = &issues.items.items[i];
        if (!issue->leak)
            continue;
        jsonout_line(json);
        jsonout_open(json, '{');
        snprintf(digits, sizeof digits, "%016" PRIx64, issue->hash);
        jsonout_put_text(json, "fingerprint", digits);
        jsonout_put_text(json, "kind", issue->kind);
        jsonout_put_number(json, "count", issue->count);
        jsonout_put_number(json, "bytes", issue->bytes);
        jsonout_put_text(json, "path", issue->path);
        jsonout_close(json, '}');
    }
    jsonout_close(json, ']');
    issues_free(&issues);
}

static void json_tree_sources(struct jsonout *json, const struct view *view)
{
    struct json_sources sources;
    json_sources_init(&sources, &view->style);
    uint32_t origin = view->origin_tree != NULL ? leaktree_origin(view->origin_tree) : 0;
    if (origin != 0) {
        uint32_t line;
        const char *file = leaktree_place(view->origin_tree, origin, &line);
        json_sources_add(&sources, file, line);
    }
    json_sources_write(&sources, json);
}

void json_tree(const struct view *view)
{
    struct jsonout json;
    jsonout_begin(&json, view, JSONOUT_LINES, "tree");
    json_tree_part(&json, view);
    json_tree_fingerprints(&json, view->tree);
    json_tree_sources(&json, view);
    jsonout_close(&json, '}');
    jsonout_finish(&json);
}
