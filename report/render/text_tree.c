/* SPDX-License-Identifier: MIT */
#include "render/text_tree.h"

#include "render/framename.h"
#include "render/text_node.h"
#include "util/escape.h"

#include <string.h>

struct text_tree {
    const struct style *style;
    const struct leaktree *tree;
    struct treeview shown;
    bool fold;
    const char *directory;
    size_t columns[2]; /* of the numbers before and after the share */
    struct textbuf line; /* being made */
    struct textbuf prefix; /* tree lines to the left of the current level */
};

/* Of a row, in the order of the columns; before and after if two sets are compared. */
struct text_tree_amounts {
    uint64_t before[2], after[2];
};

/* A number, or the difference of two with its sign. */
static void text_tree_put_amount(struct textbuf *buffer, const struct text_tree *table,
                                 uint64_t before, uint64_t after)
{
    if (table->tree->before == NULL) {
        style_put_number(buffer, after);
        return;
    }
    textbuf_put(buffer, after > before ? "+" : after < before ? "-" : "");
    style_put_number(buffer, after > before ? after - before : before - after);
}

static size_t text_tree_digits(const struct text_tree *table, uint64_t before, uint64_t after)
{
    struct textbuf text = {0};
    text_tree_put_amount(&text, table, before, after);
    size_t digits = text.bytes.count;
    textbuf_free(&text);
    return digits;
}

static void text_tree_column(struct textbuf *line, const struct text_tree *table, uint64_t before,
                             uint64_t after, size_t columns)
{
    for (size_t digits = text_tree_digits(table, before, after); digits < columns; digits++)
        textbuf_put(line, " ");
    text_tree_put_amount(line, table, before, after);
}

static size_t text_tree_number_columns(const struct text_tree *table)
{
    return table->columns[0] + table->columns[1] + (table->tree->before != NULL ? 5 : 13);
}

static void text_tree_put_numbers(struct text_tree *table, const struct text_tree_amounts *amounts)
{
    struct textbuf numbers = {0};
    bool changes = table->tree->before != NULL;
    double share = 100 * leaktree_share_of(table->tree, amounts->after[0], amounts->after[0]);
    text_tree_column(&numbers, table, amounts->before[0], amounts->after[0], table->columns[0] + 1);
    if (!changes)
        textbuf_format(&numbers, "  %5.1f%%", share);
    textbuf_put(&numbers, "  ");
    text_tree_column(&numbers, table, amounts->before[1], amounts->after[1], table->columns[1]);
    textbuf_put(&numbers, "  ");
    bool red = changes ? amounts->after[0] > amounts->before[0] : share >= 50;
    bool yellow = changes ? amounts->after[0] < amounts->before[0] : share >= 10;
    if (red || yellow) {
        style_put(table->style, &table->line, red ? STYLE_RED : STYLE_YELLOW,
                  textbuf_text(&numbers));
    } else {
        textbuf_put(&table->line, textbuf_text(&numbers));
    }
    textbuf_free(&numbers);
}

/* Columns that are left for a name behind the numbers, the prefix and the branch; 0: no limit. */
static size_t text_tree_room(const struct text_tree *table, const char *branch)
{
    size_t used = text_tree_number_columns(table) + escape_columns(textbuf_text(&table->prefix)) +
                  escape_columns(branch);
    size_t width = table->style->width;
    if (width == 0)
        return 0;
    return width > used + TEXT_NODE_SHORTEST ? width - used : TEXT_NODE_SHORTEST;
}

/* Writes a row; without `amounts` the columns of numbers stay empty. `branch` and `name` follow the
 * prefix. */
static void text_tree_row(struct text_tree *table, const struct text_tree_amounts *amounts,
                          const char *branch, const char *name)
{
    if (amounts != NULL)
        text_tree_put_numbers(table, amounts);
    else
        textbuf_format(&table->line, "%*s", (int)text_tree_number_columns(table), "");
    textbuf_put(&table->line, textbuf_text(&table->prefix));
    textbuf_put(&table->line, branch);
    style_put_cut(table->style, &table->line, name, text_tree_room(table, branch));
    textbuf_put(&table->line, "\n");
    style_flush(table->style, &table->line);
}

/* The column of the bytes, 0 or 1. */
static int text_tree_bytes(const struct text_tree *table)
{
    return metric_counts(table->tree->options.metric);
}

static struct text_tree_amounts text_tree_columns(const struct text_tree *table,
                                                  struct treeview_amounts of)
{
    int bytes = text_tree_bytes(table);
    struct text_tree_amounts amounts;
    amounts.after[bytes] = of.bytes;
    amounts.after[!bytes] = of.blocks;
    amounts.before[bytes] = of.bytes_before;
    amounts.before[!bytes] = of.blocks_before;
    return amounts;
}

static struct text_tree_amounts text_tree_amounts(const struct text_tree *table, uint32_t id,
                                                  bool self)
{
    return text_tree_columns(table, treeview_amounts(&table->shown, id, self));
}

static void text_tree_node_row(struct text_tree *table, uint32_t id, bool with_amounts,
                               const char *branch)
{
    struct text_tree_amounts amounts = text_tree_amounts(table, id, false);
    struct textbuf name = {0};
    text_node_put(&name, table->style, table->tree, id, table->directory,
                  text_tree_room(table, branch));
    text_tree_row(table, with_amounts ? &amounts : NULL, branch, textbuf_text(&name));
    textbuf_free(&name);
}

/* Says whether leaks (before or after) come from the node itself. */
static bool text_tree_has_self(const struct text_tree *table, uint32_t id)
{
    struct text_tree_amounts own = text_tree_amounts(table, id, true);
    return (own.before[0] | own.before[1] | own.after[0] | own.after[1]) != 0;
}

/* The end of the chain of single children that begins at `id`, and its length. */
static uint32_t text_tree_chain(const struct text_tree *table, uint32_t id, size_t *length)
{
    const struct leaktree_node *nodes = table->tree->nodes.items;
    *length = 1;
    while (table->fold && nodes[id].first_child != 0 &&
           nodes[nodes[id].first_child].next_sibling == 0 && !text_tree_has_self(table, id)) {
        id = nodes[id].first_child;
        ++*length;
    }
    return id;
}

static void text_tree_level(struct text_tree *table, uint32_t parent, unsigned depth);

/* Writes a child with what is folded into it, and what is below it. */
static void text_tree_child(struct text_tree *table, uint32_t id, bool last, unsigned depth)
{
    bool utf8 = table->style->utf8;
    const char *branch = utf8 ? (last ? "\u2514\u2500 " : "\u251c\u2500 ") : (last ? "`- " : "|- ");
    size_t length, prefix = table->prefix.bytes.count;
    uint32_t end = text_tree_chain(table, id, &length);
    text_tree_node_row(table, id, true, branch);
    textbuf_put(&table->prefix, last ? "   " : utf8 ? "\u2502  " : "|  ");
    for (size_t i = 1; i < length; i++) {
        id = table->tree->nodes.items[id].first_child;
        enum text_node_element element = text_node_element(i, length);
        if (element == TEXT_NODE_SHOWN) {
            text_tree_node_row(table, id, false, "");
        } else if (element == TEXT_NODE_MIDDLE) {
            struct textbuf name = {0};
            text_node_put_middle(&name, length);
            text_tree_row(table, NULL, "", textbuf_text(&name));
            textbuf_free(&name);
        }
    }
    text_tree_level(table, end, depth + 1);
    table->prefix.bytes.count = prefix;
    if (table->prefix.bytes.items != NULL)
        table->prefix.bytes.items[prefix] = '\0';
}

static void text_tree_level(struct text_tree *table, uint32_t parent, unsigned depth)
{
    const struct leaktree_node *nodes = table->tree->nodes.items;
    const char *end = table->style->utf8 ? "\u2514\u2500 " : "`- ";
    const char *middle = table->style->utf8 ? "\u251c\u2500 " : "|- ";
    bool deep = treeview_deep(&table->shown, depth);
    bool self = nodes[parent].first_child != 0 && text_tree_has_self(table, parent);
    struct treeview_amounts rest;
    size_t rest_count = treeview_left_out(&table->shown, parent, depth, &rest);
    uint32_t next;
    for (uint32_t id = treeview_first(&table->shown, parent, depth); id != 0; id = next) {
        next = treeview_next(&table->shown, id);
        text_tree_child(table, id, next == 0 && !self && rest_count == 0, depth);
    }
    if (self) {
        struct text_tree_amounts own = text_tree_amounts(table, parent, true);
        text_tree_row(table, &own, rest_count == 0 ? end : middle,
                      parent == 0 ? "(no stack was recorded)" : "(allocated here itself)");
    }
    if (rest_count != 0) {
        static const char *const what[] = {"function", "line", "file", "module"};
        enum paths_group group = table->tree->options.group;
        struct textbuf name = {0};
        const char *tail = deep                          ? " below this depth"
                           : table->tree->before != NULL ? " that changed less or not at all"
                                                         : "";
        textbuf_format(&name, "(%zu %s%s%s%s)", rest_count,
                       deep || table->tree->before != NULL ? "" : "smaller ",
                       what[group < 4 ? group : 0], rest_count == 1 ? "" : "s", tail);
        struct text_tree_amounts left_out = text_tree_columns(table, rest);
        text_tree_row(table, &left_out, end, textbuf_text(&name));
        textbuf_free(&name);
    }
}

static void text_tree_put_heading(struct text_tree *table)
{
    bool changes = table->tree->before != NULL;
    struct textbuf heading = {0};
    textbuf_format(&heading, "%*s%s  %*s  call path", (int)table->columns[0] + 1,
                   text_node_heading(table->tree, 0), changes ? "" : "   share",
                   (int)table->columns[1], text_node_heading(table->tree, 1));
    style_put(table->style, &table->line, STYLE_BOLD, textbuf_text(&heading));
    textbuf_put(&table->line, "\n");
    style_flush(table->style, &table->line);
    textbuf_free(&heading);
}

void text_tree(const struct view *view)
{
    const struct leaktree *tree = view->tree;
    struct text_tree table = {
        .style = &view->style,
        .tree = tree,
        .shown = view_tree(view),
        .fold = view->fold,
        .directory = framename_directory(tree->profile),
    };
    struct text_tree_amounts all = text_tree_amounts(&table, 0, false);
    for (int i = 0; i < 2; i++) {
        uint64_t most = tree->before == NULL           ? all.after[i]
                        : i == text_tree_bytes(&table) ? tree->before[0].changed_bytes
                                                       : tree->before[0].changed_blocks;
        size_t least = i == 0 ? 5 : 6;
        size_t words = strlen(text_node_heading(tree, i));
        least = words > least ? words : least;
        table.columns[i] = text_tree_digits(&table, 0, most);
        table.columns[i] = table.columns[i] < least ? least : table.columns[i];
    }
    struct textbuf heading = {0};
    text_tree_put_heading(&table);
    text_node_put_whole(&heading, tree);
    text_tree_row(&table, &all, "", textbuf_text(&heading));
    text_tree_level(&table, 0, 0);
    text_node_left_out(view);
    textbuf_free(&heading);
    textbuf_free(&table.line);
    textbuf_free(&table.prefix);
}
