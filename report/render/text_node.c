/* SPDX-License-Identifier: MIT */
#include "render/text_node.h"

#include "model/catalog.h"
#include "render/framename.h"
#include "render/sourcelines.h"
#include "util/escape.h"

#include <string.h>

/* A chain of functions longer than this has its middle left out. */
#define TEXT_NODE_CHAIN_LONGEST 12
#define TEXT_NODE_CHAIN_HEAD    4
#define TEXT_NODE_CHAIN_TAIL    6

/* Siblings that are looked at for the same short name. */
#define TEXT_NODE_SIBLINGS 64

enum text_node_element text_node_element(size_t i, size_t length)
{
    if (length <= TEXT_NODE_CHAIN_LONGEST || i < TEXT_NODE_CHAIN_HEAD ||
        i >= length - TEXT_NODE_CHAIN_TAIL)
        return TEXT_NODE_SHOWN;
    return i == TEXT_NODE_CHAIN_HEAD ? TEXT_NODE_MIDDLE : TEXT_NODE_LEFT_OUT;
}

void text_node_put_middle(struct textbuf *buffer, size_t length)
{
    textbuf_format(buffer, "(%zu more functions; --no-fold shows them)",
                   length - TEXT_NODE_CHAIN_HEAD - TEXT_NODE_CHAIN_TAIL);
}

void text_node_put_kinds(struct textbuf *buffer, unsigned kinds)
{
    const char *separator = "";
    for (uint32_t kind = 0; kind < MMT_LEAK_KINDS; kind++) {
        if ((kinds >> kind & 1) != 0) {
            textbuf_format(buffer, "%s%s", separator, catalog_leak_kind(kind));
            separator = ", ";
        }
    }
}

const char *text_node_heading(const struct leaktree *tree, int column)
{
    static const char *const headings[METRICS][2] = {
        [METRIC_LEAKED] = {"bytes", "blocks"},         [METRIC_LIVE] = {"bytes", "blocks"},
        [METRIC_PEAK] = {"bytes", "allocs"},           [METRIC_TOTAL] = {"bytes", "allocs"},
        [METRIC_ALLOCATIONS] = {"allocs", "of bytes"}, [METRIC_TEMPORARY] = {"blocks", "of bytes"},
    };
    return headings[tree->options.metric][column];
}

void text_node_put_whole(struct textbuf *buffer, const struct leaktree *tree)
{
    bool changes = tree->before != NULL;
    switch (tree->options.metric) {
    case METRIC_PEAK:
        textbuf_put(buffer, changes ? "all changes of peaks (each stack's own)"
                                    : "all peaks (each stack's own, not of one moment)");
        break;
    case METRIC_TOTAL:
    case METRIC_ALLOCATIONS:
        textbuf_put(buffer, changes ? "all changes of allocations" : "all allocations");
        break;
    case METRIC_TEMPORARY:
        textbuf_put(buffer, changes ? "all changes of temporary blocks"
                                    : "all temporary blocks (freed before the next allocation)");
        break;
    default:
        if (tree->options.metric == METRIC_LIVE && tree->options.kinds == LEAKTREE_ALL_KINDS) {
            textbuf_put(buffer, changes ? "all changes of live blocks" : "all live blocks");
            break;
        }
        textbuf_put(buffer, changes ? "all changes (" : "all leaks (");
        text_node_put_kinds(buffer, tree->options.kinds);
        textbuf_put(buffer, ")");
    }
}

/* Says whether another function called from the same place has the same short name. */
static bool text_node_ambiguous(const struct leaktree *tree, const struct style *style, uint32_t id)
{
    const struct leaktree_node *nodes = tree->nodes.items;
    const char *function = leaktree_label(tree, id)->function;
    struct textbuf own = {0}, other = {0};
    bool same = false;
    if (function == NULL || strchr(function, '(') == NULL)
        return false;
    framename_put_function(&own, style, function, true);
    uint32_t sibling = nodes[nodes[id].parent].first_child;
    for (int tries = 0; sibling != 0 && tries < TEXT_NODE_SIBLINGS && !same; tries++) {
        const char *name = leaktree_label(tree, sibling)->function;
        if (sibling != id && name != NULL && name != function) {
            textbuf_clear(&other);
            framename_put_function(&other, style, name, true);
            same = strcmp(textbuf_text(&own), textbuf_text(&other)) == 0;
        }
        sibling = nodes[sibling].next_sibling;
    }
    textbuf_free(&own);
    textbuf_free(&other);
    return same;
}

void text_node_put(struct textbuf *buffer, const struct style *style, const struct leaktree *tree,
                   uint32_t id, const char *directory, size_t columns)
{
    const struct leaktree_node *node = &tree->nodes.items[id];
    const struct paths_label *label = leaktree_label(tree, id);
    struct textbuf name = {0}, place = {0}, module = {0};
    uint32_t line;
    const char *file = leaktree_place(tree, id, &line);
    bool brief = !text_node_ambiguous(tree, style, id);
    framename_put_label(&name, style, tree->profile, label, directory, brief);
    if (file != NULL && label->function != NULL) {
        textbuf_put(&place, " at ");
        framename_put_place(&place, file, line, directory);
        textbuf_put(&place, node->several_lines ? " and other lines" : "");
    }
    if (label->function != NULL && label->module != 0) {
        textbuf_put(&module, " (");
        textbuf_put_escaped(&module, profile_basename(label->path));
        textbuf_put(&module, ")");
    }
    size_t name_columns = escape_columns(textbuf_text(&name));
    size_t place_columns = escape_columns(textbuf_text(&place));
    if (columns != 0 &&
        name_columns + place_columns + escape_columns(textbuf_text(&module)) > columns)
        textbuf_clear(&module);
    bool cut = columns != 0 && name_columns + place_columns > columns &&
               columns > place_columns + TEXT_NODE_SHORTEST;
    style_put_cut(style, buffer, textbuf_text(&name), cut ? columns - place_columns : 0);
    textbuf_put(buffer, textbuf_text(&place));
    textbuf_put(buffer, textbuf_text(&module));
    textbuf_free(&name);
    textbuf_free(&place);
    textbuf_free(&module);
}

/* Writes the path from the root to the node, the outermost function first. */
static void text_node_path(struct textbuf *buffer, const struct style *style,
                           const struct leaktree *tree, uint32_t node)
{
    VEC(uint32_t) path = {0};
    size_t room = style->width > 6 + TEXT_NODE_SHORTEST ? style->width - 6 : 0;
    for (; node != 0; node = tree->nodes.items[node].parent)
        *VEC_PUSH(&path) = node;
    for (size_t i = 0; i < path.count; i++) {
        enum text_node_element element = text_node_element(i, path.count);
        if (element == TEXT_NODE_LEFT_OUT)
            continue;
        textbuf_put(buffer, i == 0 ? "    " : "    > ");
        if (element == TEXT_NODE_MIDDLE) {
            text_node_put_middle(buffer, path.count);
        } else {
            text_node_put(buffer, style, tree, path.items[path.count - 1 - i],
                          framename_directory(tree->profile), room);
        }
        textbuf_put(buffer, "\n");
    }
    VEC_FREE(&path);
}

/* What the shares are of. */
static const char *text_node_shares(const struct leaktree *tree)
{
    enum metric metric = tree->options.metric;
    bool reachable = (tree->options.kinds >> MMT_LEAK_REACHABLE & 1) != 0;
    return metric_whole(metric_of_sites(metric) ? metric : reachable ? METRIC_LIVE : METRIC_LEAKED);
}

static const char *text_node_origin_word(const struct leaktree *tree)
{
    return metric_of_sites(tree->options.metric) ? "largest path:" : "likely origin:";
}

void text_node_put_amount(struct textbuf *buffer, const struct leaktree *tree, uint64_t bytes,
                          uint64_t blocks)
{
    if (!metric_of_sites(tree->options.metric)) {
        style_put_amount(buffer, bytes, blocks);
        return;
    }
    bool count = metric_counts(tree->options.metric);
    if (!count) {
        style_put_number(buffer, bytes);
        textbuf_put(buffer, bytes == 1 ? " byte, " : " bytes, ");
    }
    style_put_number(buffer, blocks);
    textbuf_put(buffer, tree->options.metric == METRIC_TEMPORARY ? " block" : " allocation");
    textbuf_put(buffer, blocks == 1 ? "" : "s");
}

void text_node_origin(const struct view *view)
{
    const struct style *style = &view->style;
    const struct leaktree *tree = view->origin_tree;
    const struct leaktree_node *nodes = tree->nodes.items;
    uint32_t origin = leaktree_origin(tree);
    struct textbuf buffer = {0};
    if (origin != 0) {
        style_put(style, &buffer, STYLE_BOLD, text_node_origin_word(tree));
        textbuf_format(&buffer, " %.1f %% of the %s (",
                       100 * leaktree_share_of(tree, nodes[origin].bytes, nodes[origin].blocks),
                       text_node_shares(tree));
        text_node_put_amount(&buffer, tree, nodes[origin].bytes, nodes[origin].blocks);
        textbuf_put(&buffer, ") come from\n");
        text_node_path(&buffer, style, tree, origin);
        uint32_t line;
        const char *file = leaktree_place(tree, origin, &line);
        sourcelines_put(&buffer, style, file, line, 4);
    } else if (nodes[0].first_child != 0) {
        uint64_t most = 0;
        for (uint32_t id = nodes[0].first_child; id != 0; id = nodes[id].next_sibling) {
            uint64_t amount = leaktree_amount(tree, nodes[id].bytes, nodes[id].blocks);
            most = amount > most ? amount : most;
        }
        style_put(style, &buffer, STYLE_BOLD, text_node_origin_word(tree));
        if (most == 0) {
            textbuf_put(&buffer, " none has any bytes\n");
        } else {
            textbuf_format(&buffer, " none has %d %% of the %s; the largest has %.1f %%\n",
                           LEAKTREE_ORIGIN_PERCENT, text_node_shares(tree),
                           100 * leaktree_share_of(tree, most, most));
        }
    }
    style_flush(style, &buffer);
    textbuf_free(&buffer);
}

void text_node_left_out(const struct view *view)
{
    const struct leaktree *tree = view->tree;
    struct textbuf buffer = {0};
    if (tree->left_out_blocks != 0) {
        textbuf_put(&buffer, "left out by --focus, --ignore or --show-from: ");
        text_node_put_amount(&buffer, tree, tree->left_out_bytes, tree->left_out_blocks);
        textbuf_put(&buffer, "\n");
        style_flush(&view->style, &buffer);
    }
    textbuf_free(&buffer);
}
