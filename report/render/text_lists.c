/* SPDX-License-Identifier: MIT */
#include "render/text_lists.h"

#include "model/catalog.h"
#include "render/framename.h"
#include "render/sourcelines.h"
#include "render/text_node.h"

#include <inttypes.h>
#include <string.h>

#define LISTS_TIME 6 /* columns of a time */

/* Columns of the numbers before and after the share: as many as the sums need, or the headings. */
static size_t text_lists_width(const struct leaktree *tree, int column)
{
    const struct leaktree_node *root = &tree->nodes.items[0];
    bool bytes = (column == 0) != metric_counts(tree->options.metric);
    struct textbuf text = {0};
    style_put_number(&text, bytes ? root->bytes : root->blocks);
    size_t heading = strlen(text_node_heading(tree, column)), digits = text.bytes.count;
    textbuf_free(&text);
    return heading > digits ? heading : digits;
}

static void text_lists_column(struct textbuf *line, uint64_t number, size_t columns)
{
    struct textbuf text = {0};
    style_put_number(&text, number);
    textbuf_format(line, "%*s", (int)columns, textbuf_text(&text));
    textbuf_free(&text);
}

/* A label with the place of a call in it. */
static void text_lists_put_label(struct textbuf *buffer, const struct style *style,
                                 const struct leaktree *tree, uint32_t label, uint32_t entry)
{
    const struct paths_label *one = &tree->paths.labels.items[label];
    const char *directory = framename_directory(tree->profile);
    framename_put_label(buffer, style, tree->profile, one, directory, true);
    if (one->function == NULL || entry == 0)
        return;
    struct callpath_entry call = paths_call(&tree->paths, entry);
    if (call.symbol != NULL && call.symbol->file != NULL) {
        textbuf_put(buffer, " at ");
        framename_put_place(buffer, call.symbol->file, call.symbol->line, directory);
    }
    textbuf_put(buffer, " (");
    textbuf_put_escaped(buffer, profile_basename(one->path));
    textbuf_put(buffer, ")");
}

/* When a site allocated; NULL for a list without these columns. */
struct text_lists_times {
    bool known;
    uint64_t first, last;
};

static void text_lists_time(struct textbuf *line, bool known, uint64_t time)
{
    struct textbuf text = {0};
    if (known)
        style_put_duration(&text, time);
    textbuf_format(line, "%*s  ", LISTS_TIME, textbuf_text(&text));
    textbuf_free(&text);
}

static void text_lists_row(const struct view *view, uint64_t bytes, uint64_t blocks,
                           const struct text_lists_times *times, const char *name)
{
    const struct style *style = &view->style;
    const struct leaktree *tree = view->tree;
    struct textbuf line = {0};
    bool count = metric_counts(tree->options.metric);
    textbuf_put(&line, " ");
    text_lists_column(&line, count ? blocks : bytes, text_lists_width(tree, 0));
    textbuf_format(&line, "  %5.1f%%  ", 100 * leaktree_share_of(tree, bytes, blocks));
    text_lists_column(&line, count ? bytes : blocks, text_lists_width(tree, 1));
    textbuf_put(&line, "  ");
    if (times != NULL) {
        text_lists_time(&line, times->known, times->first);
        text_lists_time(&line, times->known, times->last);
    }
    style_put_cut(style, &line, name, style_room(style, line.bytes.count));
    textbuf_put(&line, "\n");
    style_flush(style, &line);
    textbuf_free(&line);
}

static void text_lists_heading(const struct view *view, bool times, const char *what)
{
    const struct leaktree *tree = view->tree;
    struct textbuf line = {0}, text = {0};
    textbuf_format(&text, " %*s   share  %*s  ", (int)text_lists_width(tree, 0),
                   text_node_heading(tree, 0), (int)text_lists_width(tree, 1),
                   text_node_heading(tree, 1));
    if (times)
        textbuf_format(&text, "%*s  %*s  ", LISTS_TIME, "first", LISTS_TIME, "last");
    textbuf_put(&text, what);
    style_put(&view->style, &line, STYLE_BOLD, textbuf_text(&text));
    textbuf_put(&line, "\n");
    style_flush(&view->style, &line);
    textbuf_free(&line);
    textbuf_free(&text);
}

/* A ranking as a table. */
struct text_lists_table {
    const struct ranking *ranking;
    bool self; /* the rows' own amounts; else all that passes through them */
    bool times; /* with columns for when they allocated */
    const char *nobody; /* what a row without a function is */
};

/* Writes the rows of a table; those beyond the limit in one. */
static void text_lists_rows(const struct view *view, const struct text_lists_table *table)
{
    const struct style *style = &view->style;
    uint64_t bytes = 0, blocks = 0;
    size_t rest = 0;
    struct textbuf name = {0};
    for (size_t i = 0; i < table->ranking->rows.count; i++) {
        const struct ranking_row *row = &table->ranking->rows.items[i];
        uint64_t row_bytes = table->self ? row->self_bytes : row->bytes;
        uint64_t row_blocks = table->self ? row->self_blocks : row->blocks;
        if (view->limit != 0 && i >= view->limit) {
            bytes = profile_add(bytes, row_bytes);
            blocks = profile_add(blocks, row_blocks);
            rest++;
            continue;
        }
        textbuf_clear(&name);
        if (row->label == 0 && row->entry == 0)
            textbuf_put(&name, table->nobody);
        else
            text_lists_put_label(&name, style, view->tree, row->label, row->entry);
        const struct text_lists_times when = {row->has_times, row->first, row->last};
        text_lists_row(view, row_bytes, row_blocks, table->times ? &when : NULL,
                       textbuf_text(&name));
    }
    const struct text_lists_times never = {0};
    if (rest != 0) {
        textbuf_clear(&name);
        textbuf_format(&name, "(%zu more; --limit shows them)", rest);
        text_lists_row(view, bytes, blocks, table->times ? &never : NULL, textbuf_text(&name));
    }
    textbuf_free(&name);
}

void text_top(const struct view *view)
{
    const struct leaktree_node *root = &view->tree->nodes.items[0];
    const struct text_lists_times never = {0}, *none = NULL;
    struct textbuf whole = {0};
    for (size_t i = 0; i < view->ranking->rows.count; i++)
        none = view->ranking->rows.items[i].has_times ? &never : none;
    const struct text_lists_table table = {view->ranking, true, none != NULL, ""};
    text_lists_heading(view, none != NULL, "allocated in");
    text_lists_rows(view, &table);
    if (root->self_blocks != 0)
        text_lists_row(view, root->self_bytes, root->self_blocks, none, "(no stack was recorded)");
    text_node_put_whole(&whole, view->tree);
    text_lists_row(view, root->bytes, root->blocks, none, textbuf_text(&whole));
    if (none != NULL) {
        textbuf_clear(&whole);
        textbuf_put(&whole,
                    "first, last: when the site allocated, from the start of its process\n");
        style_flush(&view->style, &whole);
    }
    text_node_left_out(view);
    textbuf_free(&whole);
}

/* Sums of the marked nodes that are in no other marked one. */
static void text_function_sums(const struct leaktree *tree, const unsigned char *marked,
                               uint64_t sums[4])
{
    const struct leaktree_node *nodes = tree->nodes.items;
    memset(sums, 0, 4 * sizeof *sums);
    for (uint32_t id = 1; id < tree->nodes.count; id++) {
        if (!marked[id])
            continue;
        uint32_t outer = nodes[id].parent;
        while (outer != 0 && !marked[outer])
            outer = nodes[outer].parent;
        sums[0] = profile_add(sums[0], outer == 0 ? nodes[id].bytes : 0);
        sums[1] = profile_add(sums[1], outer == 0 ? nodes[id].blocks : 0);
        sums[2] = profile_add(sums[2], nodes[id].self_bytes);
        sums[3] = profile_add(sums[3], nodes[id].self_blocks);
    }
}

/* Names of the marked functions and the places of their largest calls. */
static void text_function_names(const struct view *view)
{
    const struct leaktree *tree = view->tree;
    unsigned char *seen = xalloc_zeroed(tree->paths.labels.count, 1);
    struct textbuf buffer = {0};
    for (uint32_t id = 1; id < tree->nodes.count; id++) {
        const struct leaktree_node *node = &tree->nodes.items[id];
        if (!view->marked[id] || seen[node->label])
            continue;
        uint32_t line;
        const char *file = leaktree_place(tree, id, &line);
        seen[node->label] = 1;
        text_lists_put_label(&buffer, &view->style, tree, node->label, node->entry);
        textbuf_put(&buffer, "\n");
        sourcelines_put(&buffer, &view->style, file, line, 2);
    }
    style_flush(&view->style, &buffer);
    textbuf_free(&buffer);
    free(seen);
}

void text_function(const struct view *view)
{
    const struct leaktree *tree = view->tree;
    uint64_t sums[4];
    struct textbuf buffer = {0};
    struct ranking rows;
    const struct text_lists_table callers = {.ranking = &rows,
                                             .nobody = "(nobody: the stacks begin here)"};
    const struct text_lists_table callees = {.ranking = &rows, .nobody = ""};
    text_function_sums(tree, view->marked, sums);
    text_function_names(view);
    textbuf_put(&buffer, "  passes through: ");
    text_node_put_amount(&buffer, tree, sums[0], sums[1]);
    textbuf_format(&buffer, ", %.1f %% of all\n  allocated by itself: ",
                   100 * leaktree_share_of(tree, sums[0], sums[1]));
    text_node_put_amount(&buffer, tree, sums[2], sums[3]);
    textbuf_put(&buffer, "\n\n");
    style_flush(&view->style, &buffer);
    textbuf_free(&buffer);
    text_lists_heading(view, false, "called by");
    ranking_callers(&rows, tree, view->marked);
    text_lists_rows(view, &callers);
    ranking_free(&rows);
    putc('\n', view->style.out);
    text_lists_heading(view, false, "calls");
    ranking_callees(&rows, tree, view->marked);
    text_lists_rows(view, &callees);
    ranking_free(&rows);
    if (sums[3] != 0)
        text_lists_row(view, sums[2], sums[3], NULL, "(allocated here itself)");
    text_node_left_out(view);
}
