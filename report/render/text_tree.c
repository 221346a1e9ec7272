/* SPDX-License-Identifier: MIT */
#include "render/text_tree.h"

#include "model/catalog.h"
#include "render/framename.h"
#include "util/escape.h"

#include <inttypes.h>
#include <string.h>

/* A chain of functions longer than this has its middle left out. */
#define TEXT_TREE_CHAIN_LONGEST 12
#define TEXT_TREE_CHAIN_HEAD    4
#define TEXT_TREE_CHAIN_TAIL    6

/* What is written for element `i` of a chain: itself, the line that stands for the middle, or nothing. */
enum text_tree_element { TEXT_TREE_SHOWN, TEXT_TREE_MIDDLE, TEXT_TREE_LEFT_OUT };

static enum text_tree_element text_tree_element(size_t i, size_t length)
{
    if (length <= TEXT_TREE_CHAIN_LONGEST || i < TEXT_TREE_CHAIN_HEAD ||
        i >= length - TEXT_TREE_CHAIN_TAIL) {
        return TEXT_TREE_SHOWN;
    }
    return i == TEXT_TREE_CHAIN_HEAD ? TEXT_TREE_MIDDLE : TEXT_TREE_LEFT_OUT;
}

static void text_tree_put_middle(struct textbuf *buffer, size_t length)
{
    textbuf_format(buffer, "(%zu more functions; --no-fold shows them)",
                   length - TEXT_TREE_CHAIN_HEAD - TEXT_TREE_CHAIN_TAIL);
}

struct text_tree {
    const struct style *style;
    const struct profile *profile;
    const struct leaktree *tree;
    const struct text_tree_options *options;
    const char *directory;
    size_t bytes_columns, blocks_columns;
    struct textbuf line;   /* being made */
    struct textbuf prefix; /* tree lines to the left of the current level */
};

void text_tree_put_kinds(struct textbuf *buffer, unsigned kinds)
{
    const char *separator = "";
    for (uint32_t kind = 0; kind < MMT_LEAK_KINDS; kind++) {
        if ((kinds >> kind & 1) != 0) {
            textbuf_format(buffer, "%s%s", separator, catalog_leak_kind(kind));
            separator = ", ";
        }
    }
}

static void text_tree_put_node(struct textbuf *buffer, const struct profile *profile,
                               const struct leaktree_node *node, const char *directory)
{
    if (node->cut) {
        textbuf_put(buffer, "(callers beyond this were not recorded)");
        return;
    }
    if (node->function == NULL) {
        framename_put_address(buffer, profile, node->module, node->address);
    } else {
        textbuf_put_escaped(buffer, node->function);
    }
    if (node->file != NULL) {
        textbuf_put(buffer, " at ");
        framename_put_place(buffer, node->file, node->line, directory);
        textbuf_put(buffer, node->several_lines ? " and other lines" : "");
    }
    if (node->function != NULL && node->module != 0) {
        textbuf_put(buffer, " (");
        textbuf_put_escaped(buffer, profile_basename(profile->modules.items[node->module].path));
        textbuf_put(buffer, ")");
    }
}

static size_t text_tree_digits(uint64_t number)
{
    struct textbuf text = {0};
    style_put_number(&text, number);
    size_t digits = text.bytes.count;
    textbuf_free(&text);
    return digits;
}

static void text_tree_column(struct textbuf *line, uint64_t number, size_t columns)
{
    for (size_t digits = text_tree_digits(number); digits < columns; digits++) {
        textbuf_put(line, " ");
    }
    style_put_number(line, number);
}

/* Writes a row; without `amounts` the columns of numbers stay empty. `branch` and `name` follow the prefix. */
static void text_tree_row(struct text_tree *view, const uint64_t *amounts, const char *branch,
                          const char *name)
{
    struct textbuf numbers = {0}, text = {0};
    size_t columns = view->bytes_columns + view->blocks_columns + 13;
    if (amounts != NULL) {
        double share = 100 * leaktree_share(amounts[0], view->tree->nodes.items[0].bytes);
        text_tree_column(&numbers, amounts[0], view->bytes_columns + 1);
        textbuf_format(&numbers, "  %5.1f%%  ", share);
        text_tree_column(&numbers, amounts[1], view->blocks_columns);
        textbuf_put(&numbers, "  ");
        if (share >= 50) {
            style_put(view->style, &view->line, STYLE_RED, textbuf_text(&numbers));
        } else if (share >= 10) {
            style_put(view->style, &view->line, STYLE_YELLOW, textbuf_text(&numbers));
        } else {
            textbuf_put(&view->line, textbuf_text(&numbers));
        }
    } else {
        textbuf_format(&view->line, "%*s", (int)columns, "");
    }
    textbuf_put(&text, textbuf_text(&view->prefix));
    textbuf_put(&text, branch);
    textbuf_put(&text, name);
    size_t width = view->style->width;
    style_put_cut(view->style, &view->line, textbuf_text(&text),
                  width > columns + 20 ? width - columns : 0);
    textbuf_put(&view->line, "\n");
    style_flush(view->style, &view->line);
    textbuf_free(&numbers);
    textbuf_free(&text);
}

static void text_tree_node_row(struct text_tree *view, uint32_t id, bool amounts,
                               const char *branch)
{
    const struct leaktree_node *node = &view->tree->nodes.items[id];
    const uint64_t both[] = {node->bytes, node->blocks};
    struct textbuf name = {0};
    text_tree_put_node(&name, view->profile, node, view->directory);
    text_tree_row(view, amounts ? both : NULL, branch, textbuf_text(&name));
    textbuf_free(&name);
}

/* The end of the chain of single children that begins at `id`, and its length. */
static uint32_t text_tree_chain(const struct text_tree *view, uint32_t id, size_t *length)
{
    const struct leaktree_node *nodes = view->tree->nodes.items;
    *length = 1;
    while (view->options->fold && nodes[id].children == 1 && nodes[id].self_blocks == 0 &&
           nodes[id].self_bytes == 0) {
        id = nodes[id].first_child;
        ++*length;
    }
    return id;
}

static void text_tree_level(struct text_tree *view, uint32_t parent, unsigned depth);

/* Writes a child with what is folded into it, and what is below it. */
static void text_tree_child(struct text_tree *view, uint32_t id, bool last, unsigned depth)
{
    bool utf8 = view->style->utf8;
    const char *branch = utf8 ? (last ? "\u2514\u2500 " : "\u251c\u2500 ") : (last ? "`- " : "|- ");
    size_t length, prefix = view->prefix.bytes.count;
    uint32_t end = text_tree_chain(view, id, &length);
    text_tree_node_row(view, id, true, branch);
    textbuf_put(&view->prefix, last ? "   " : utf8 ? "\u2502  " : "|  ");
    for (size_t i = 1; i < length; i++) {
        id = view->tree->nodes.items[id].first_child;
        enum text_tree_element element = text_tree_element(i, length);
        if (element == TEXT_TREE_SHOWN) {
            text_tree_node_row(view, id, false, "");
        } else if (element == TEXT_TREE_MIDDLE) {
            struct textbuf name = {0};
            text_tree_put_middle(&name, length);
            text_tree_row(view, NULL, "", textbuf_text(&name));
            textbuf_free(&name);
        }
    }
    text_tree_level(view, end, depth + 1);
    view->prefix.bytes.count = prefix;
    if (view->prefix.bytes.items != NULL) {
        view->prefix.bytes.items[prefix] = '\0';
    }
}

/* Children are sorted by size, so those that are too small are the last ones. */
static bool text_tree_shown(const struct text_tree *view, uint32_t id)
{
    const struct leaktree_node *nodes = view->tree->nodes.items;
    return 100 * leaktree_share(nodes[id].bytes, nodes[0].bytes) >= view->options->min_percent;
}

static void text_tree_level(struct text_tree *view, uint32_t parent, unsigned depth)
{
    const struct leaktree_node *nodes = view->tree->nodes.items, *node = &nodes[parent];
    const char *end = view->style->utf8 ? "\u2514\u2500 " : "`- ";
    const char *middle = view->style->utf8 ? "\u251c\u2500 " : "|- ";
    bool deep = view->options->depth != 0 && depth >= view->options->depth;
    bool self = node->children != 0 && (node->self_bytes != 0 || node->self_blocks != 0);
    uint64_t rest[2] = {0, 0};
    size_t rest_count = 0;
    uint32_t first_hidden = node->first_child;
    while (!deep && first_hidden != 0 && text_tree_shown(view, first_hidden)) {
        first_hidden = nodes[first_hidden].next_sibling;
    }
    for (uint32_t id = first_hidden; id != 0; id = nodes[id].next_sibling) {
        rest[0] = profile_add(rest[0], nodes[id].bytes);
        rest[1] = profile_add(rest[1], nodes[id].blocks);
        rest_count++;
    }
    for (uint32_t id = node->first_child; id != first_hidden; id = nodes[id].next_sibling) {
        bool last = nodes[id].next_sibling == 0 && !self;
        text_tree_child(view, id, last, depth);
    }
    if (self) {
        const uint64_t own[] = {node->self_bytes, node->self_blocks};
        text_tree_row(view, own, rest_count == 0 ? end : middle,
                      parent == 0 ? "(no stack was recorded)" : "(allocated here itself)");
    }
    if (rest_count != 0) {
        struct textbuf name = {0};
        textbuf_format(&name, "(%zu %sfunction%s%s)", rest_count, deep ? "" : "smaller ",
                       rest_count == 1 ? "" : "s", deep ? " below this depth" : "");
        text_tree_row(view, rest, end, textbuf_text(&name));
        textbuf_free(&name);
    }
}

void text_tree(const struct style *style, const struct profile *profile,
               const struct leaktree *tree, const struct text_tree_options *options)
{
    const struct leaktree_node *root = &tree->nodes.items[0];
    struct text_tree view = {
        .style = style,
        .profile = profile,
        .tree = tree,
        .options = options,
        .directory = framename_directory(profile),
        .bytes_columns = text_tree_digits(root->bytes),
        .blocks_columns = text_tree_digits(root->blocks),
    };
    view.bytes_columns = view.bytes_columns < 5 ? 5 : view.bytes_columns;
    view.blocks_columns = view.blocks_columns < 6 ? 6 : view.blocks_columns;
    struct textbuf heading = {0};
    textbuf_format(&heading, "%*s   share  %*s  call path", (int)view.bytes_columns + 1, "bytes",
                   (int)view.blocks_columns, "blocks");
    style_put(style, &view.line, STYLE_BOLD, textbuf_text(&heading));
    textbuf_put(&view.line, "\n");
    textbuf_clear(&heading);
    textbuf_put(&heading, "all leaks (");
    text_tree_put_kinds(&heading, options->kinds);
    textbuf_put(&heading, ")");
    style_flush(style, &view.line);
    const uint64_t all[] = {root->bytes, root->blocks};
    text_tree_row(&view, all, "", textbuf_text(&heading));
    text_tree_level(&view, 0, 0);
    textbuf_free(&heading);
    textbuf_free(&view.line);
    textbuf_free(&view.prefix);
}

/* Writes the path from the root to the node, the outermost function first. */
static void text_tree_path(struct textbuf *buffer, const struct profile *profile,
                           const struct leaktree *tree, uint32_t node)
{
    VEC(uint32_t) path = {0};
    for (; node != 0; node = tree->nodes.items[node].parent) {
        *VEC_PUSH(&path) = node;
    }
    for (size_t i = 0; i < path.count; i++) {
        enum text_tree_element element = text_tree_element(i, path.count);
        if (element == TEXT_TREE_LEFT_OUT) {
            continue;
        }
        textbuf_put(buffer, i == 0 ? "    " : "    > ");
        if (element == TEXT_TREE_MIDDLE) {
            text_tree_put_middle(buffer, path.count);
        } else {
            text_tree_put_node(buffer, profile, &tree->nodes.items[path.items[path.count - 1 - i]],
                               framename_directory(profile));
        }
        textbuf_put(buffer, "\n");
    }
    VEC_FREE(&path);
}

void text_tree_origin(const struct style *style, const struct profile *profile,
                      const struct leaktree *tree)
{
    const struct leaktree_node *nodes = tree->nodes.items;
    uint32_t origin = leaktree_origin(tree);
    struct textbuf buffer = {0};
    if (origin != 0) {
        style_put(style, &buffer, STYLE_BOLD, "likely origin:");
        textbuf_format(&buffer, " %.1f %% of the leaked bytes (",
                       100 * leaktree_share(nodes[origin].bytes, nodes[0].bytes));
        style_put_amount(&buffer, nodes[origin].bytes, nodes[origin].blocks);
        textbuf_put(&buffer, ") come from\n");
        text_tree_path(&buffer, profile, tree, origin);
    } else if (nodes[0].first_child != 0) {
        style_put(style, &buffer, STYLE_BOLD, "likely origin:");
        textbuf_format(&buffer,
                       " none, no function has %d %% of the leaked bytes; the largest share is "
                       "%.1f %%\n",
                       LEAKTREE_ORIGIN_PERCENT,
                       100 * leaktree_share(nodes[nodes[0].first_child].bytes, nodes[0].bytes));
    }
    style_flush(style, &buffer);
    textbuf_free(&buffer);
}
