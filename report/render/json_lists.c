/* SPDX-License-Identifier: MIT */
#include "render/json_output.h"

#include "model/catalog.h"
#include "render/json_labels.h"
#include "render/json_sources.h"

#include <stdlib.h>
#include <string.h>

static void json_lists_label(struct jsonout *json, const struct leaktree *tree, uint32_t label,
                             uint32_t entry)
{
    const struct paths_label *one = &tree->paths.labels.items[label];
    const struct symbol *symbol =
        entry != 0 && one->function != NULL ? paths_call(&tree->paths, entry).symbol : NULL;
    json_label(json, tree->profile, one, symbol != NULL ? symbol->file : NULL,
               symbol != NULL ? symbol->line : 0);
}

static void json_lists_amounts(struct jsonout *json, const struct leaktree *tree, uint64_t bytes,
                               uint64_t blocks)
{
    jsonout_put_number(json, "bytes", bytes);
    jsonout_put_number(json, "blocks", blocks);
    jsonout_key(json, "share");
    const struct leaktree_node *root = &tree->nodes.items[0];
    jsonout_share(json, leaktree_amount(tree, bytes, blocks),
                  leaktree_amount(tree, root->bytes, root->blocks));
}

static void json_lists_rows(struct jsonout *json, const struct leaktree *tree,
                            const struct ranking *ranking, size_t limit, bool self)
{
    jsonout_open(json, '[');
    for (size_t i = 0; i < ranking->rows.count && (limit == 0 || i < limit); i++) {
        const struct ranking_row *row = &ranking->rows.items[i];
        jsonout_line(json);
        jsonout_open(json, '{');
        if (row->label != 0 || row->entry != 0)
            json_lists_label(json, tree, row->label, row->entry);
        json_lists_amounts(json, tree, self ? row->self_bytes : row->bytes,
                           self ? row->self_blocks : row->blocks);
        if (self) {
            jsonout_put_number(json, "bytes_through", row->bytes);
            jsonout_put_number(json, "blocks_through", row->blocks);
            if (row->has_times) {
                jsonout_put_number(json, "first_time", row->first);
                jsonout_put_number(json, "last_time", row->last);
            }
        }
        jsonout_close(json, '}');
    }
    jsonout_close(json, ']');
}

void json_top(const struct view *view)
{
    const struct leaktree *tree = view->tree;
    const struct ranking *ranking = view->ranking;
    const struct leaktree_node *root = &tree->nodes.items[0];
    struct jsonout json;
    jsonout_begin(&json, view, JSONOUT_LINES, "top");
    json_metric(&json, tree->options.metric, tree->options.kinds);
    json_left_out(&json, tree->left_out_bytes, tree->left_out_blocks);
    jsonout_put_text(&json, "group_by", json_group(tree->options.group));
    jsonout_put_number(&json, "bytes", root->bytes);
    jsonout_put_number(&json, "blocks", root->blocks);
    jsonout_put_number(&json, "sites_total", ranking->rows.count);
    jsonout_key(&json, "sites");
    json_lists_rows(&json, tree, ranking, view->limit, true);
    jsonout_close(&json, '}');
    jsonout_finish(&json);
}

void json_function(const struct view *view)
{
    const struct leaktree *tree = view->tree;
    const unsigned char *marked = view->marked;
    struct json_sources sources;
    json_sources_init(&sources, &view->style);
    struct jsonout json;
    struct ranking rows;
    unsigned char *seen = xalloc_zeroed(tree->paths.labels.count, 1);
    jsonout_begin(&json, view, JSONOUT_LINES, "function");
    json_metric(&json, tree->options.metric, tree->options.kinds);
    json_left_out(&json, tree->left_out_bytes, tree->left_out_blocks);
    jsonout_key(&json, "functions");
    jsonout_open(&json, '[');
    struct ranking all;
    ranking_of_tree(&all, tree, false);
    for (uint32_t id = 1; id < tree->nodes.count; id++) {
        if (marked[id] && !seen[tree->nodes.items[id].label]) {
            uint32_t line;
            const char *file = leaktree_place(tree, id, &line);
            json_sources_add(&sources, file, line);
        }
        seen[tree->nodes.items[id].label] |= marked[id];
    }
    for (size_t i = 0; i < all.rows.count; i++) {
        const struct ranking_row *row = &all.rows.items[i];
        if (seen[row->label]) {
            jsonout_open(&json, '{');
            json_lists_label(&json, tree, row->label, row->entry);
            json_lists_amounts(&json, tree, row->bytes, row->blocks);
            jsonout_put_number(&json, "self_bytes", row->self_bytes);
            jsonout_put_number(&json, "self_blocks", row->self_blocks);
            jsonout_close(&json, '}');
        }
    }
    jsonout_close(&json, ']');
    ranking_free(&all);
    free(seen);
    jsonout_key(&json, "callers");
    ranking_callers(&rows, tree, marked);
    json_lists_rows(&json, tree, &rows, view->limit, false);
    ranking_free(&rows);
    jsonout_key(&json, "callees");
    ranking_callees(&rows, tree, marked);
    json_lists_rows(&json, tree, &rows, view->limit, false);
    ranking_free(&rows);
    json_sources_write(&sources, &json);
    jsonout_close(&json, '}');
    jsonout_finish(&json);
}

static void json_diff_stack(struct jsonout *json, const struct profile *profile, uint32_t stack)
{
    struct callpath path = {0};
    callpath_expand(&path, profile, stack, false);
    jsonout_key(json, "stack");
    jsonout_open(json, '[');
    for (size_t i = 0; i < path.entries.count; i++) {
        const struct callpath_entry *entry = &path.entries.items[i];
        const struct frame *frame = &profile->frames.items[entry->frame];
        const struct paths_label label = {
            .function = entry->symbol != NULL ? entry->symbol->function : NULL,
            .path = profile->modules.items[frame->module].path,
            .module = frame->module,
            .address = frame->address,
            .cut = entry->frame == 0,
        };
        jsonout_open(json, '{');
        json_label(json, profile, &label, entry->symbol != NULL ? entry->symbol->file : NULL,
                   entry->symbol != NULL ? entry->symbol->line : 0);
        jsonout_close(json, '}');
    }
    jsonout_close(json, ']');
    callpath_free(&path);
}

static void json_diff_change(struct jsonout *json, const struct profile *profile,
                             const struct change *change)
{
    char hash[24];
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)change->hash);
    jsonout_line(json);
    jsonout_open(json, '{');
    jsonout_put_text(json, "status", changes_word(changes_status(change)));
    jsonout_put_text(json, "fingerprint", hash);
    jsonout_put_text(json, "kind", catalog_leak_kind(change->kind));
    jsonout_put_number(json, "bytes", change->bytes[1]);
    jsonout_put_number(json, "blocks", change->blocks[1]);
    json_before(json, change->bytes[0], change->blocks[0], change->bytes[1], change->blocks[1]);
    json_diff_stack(json, profile, change->stack);
    jsonout_close(json, '}');
}

void json_diff(const struct view *view)
{
    const struct changes *changes = view->changes;
    struct jsonout json;
    size_t counts[CHANGES_STATUSES] = {0};
    jsonout_begin(&json, view, JSONOUT_LINES, "diff");
    for (size_t i = 0; i < changes->items.count; i++)
        counts[changes_status(&changes->items.items[i])]++;
    jsonout_key(&json, "counts");
    jsonout_open(&json, '{');
    for (int status = 0; status < CHANGES_STATUSES; status++)
        jsonout_put_number(&json, changes_word((enum changes_status)status), counts[status]);
    jsonout_close(&json, '}');
    jsonout_key(&json, "changes");
    jsonout_open(&json, '[');
    for (size_t i = 0; i < changes->items.count && (view->limit == 0 || i < view->limit); i++)
        json_diff_change(&json, view->profile, &changes->items.items[i]);
    jsonout_close(&json, ']');
    json_tree_part(&json, view);
    jsonout_close(&json, '}');
    jsonout_finish(&json);
}
