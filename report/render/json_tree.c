/* SPDX-License-Identifier: MIT */
#include "render/json_output.h"

#include "model/catalog.h"
#include "render/json_values.h"

struct json_tree {
    const struct profile *profile;
    const struct leaktree *tree;
    const struct json_tree_options *options;
};

static void json_tree_name(json_t *object, const struct profile *profile,
                           const struct leaktree_node *node)
{
    if (node->cut) {
        json_put_bool(object, "cut", true);
        return;
    }
    json_put_text(object, "function", node->function);
    json_put_text(object, "file", node->file);
    if (node->line != 0) {
        json_put_number(object, "line", node->line);
    }
    json_put_text(object, "module", profile->modules.items[node->module].path);
    if (node->function == NULL) {
        json_put_address(object, "address", node->address);
    }
}

static void json_tree_amounts(json_t *object, const struct leaktree *tree,
                              const struct leaktree_node *node)
{
    json_put_number(object, "bytes", node->bytes);
    json_put_number(object, "blocks", node->blocks);
    json_put(object, "share", json_real(leaktree_share(node->bytes, tree->nodes.items[0].bytes)));
}

static json_t *json_tree_node(const struct json_tree *view, uint32_t id, unsigned depth)
{
    const struct leaktree_node *nodes = view->tree->nodes.items, *node = &nodes[id];
    bool deep = view->options->depth != 0 && depth >= view->options->depth;
    uint64_t omitted = 0, omitted_bytes = 0, omitted_blocks = 0;
    json_t *object = json_object(), *children = json_array();
    if (id != 0) {
        json_tree_name(object, view->profile, node);
    }
    json_tree_amounts(object, view->tree, node);
    json_put_number(object, "self_bytes", node->self_bytes);
    json_put_number(object, "self_blocks", node->self_blocks);
    for (uint32_t child = node->first_child; child != 0; child = nodes[child].next_sibling) {
        double share = 100 * leaktree_share(nodes[child].bytes, nodes[0].bytes);
        if (deep || share < view->options->min_percent) {
            omitted++;
            omitted_bytes = profile_add(omitted_bytes, nodes[child].bytes);
            omitted_blocks = profile_add(omitted_blocks, nodes[child].blocks);
        } else {
            json_array_append_new(children, json_tree_node(view, child, depth + 1));
        }
    }
    json_put(object, "children", children);
    if (omitted != 0) {
        json_t *rest = json_object();
        json_put_number(rest, "nodes", omitted);
        json_put_number(rest, "bytes", omitted_bytes);
        json_put_number(rest, "blocks", omitted_blocks);
        json_put(object, "omitted", rest);
    }
    return object;
}

static json_t *json_tree_origin(const struct profile *profile, const struct leaktree *tree)
{
    uint32_t origin = leaktree_origin(tree);
    if (origin == 0) {
        return json_null();
    }
    json_t *object = json_object(), *path = json_array();
    json_tree_amounts(object, tree, &tree->nodes.items[origin]);
    for (uint32_t id = origin; id != 0; id = tree->nodes.items[id].parent) {
        json_t *frame = json_object();
        json_tree_name(frame, profile, &tree->nodes.items[id]);
        json_array_insert_new(path, 0, frame);
    }
    json_put(object, "path", path);
    return object;
}

void json_tree(FILE *out, const struct profile *profile, const struct leaktree *tree,
               const struct leaktree *origin_tree, const struct json_tree_options *options)
{
    const struct json_tree view = {profile, tree, options};
    json_t *object = json_begin(profile, "tree");
    json_t *kinds = json_array();
    for (uint32_t kind = 0; kind < MMT_LEAK_KINDS; kind++) {
        if ((options->kinds >> kind & 1) != 0) {
            json_array_append_new(kinds, json_string(catalog_leak_kind(kind)));
        }
    }
    json_put(object, "kinds", kinds);
    json_put_bool(object, "inverted", options->inverted);
    json_put(object, "likely_origin", json_tree_origin(profile, origin_tree));
    json_put(object, "tree", json_tree_node(&view, 0, 0));
    json_finish(out, object);
}
