/* SPDX-License-Identifier: MIT */
#include "query/leaktree.h"

#include "query/callpath.h"

#include <stdlib.h>
#include <string.h>

static bool leaktree_equal(const void *context, uint32_t id, const void *key)
{
    const struct leaktree_node *a = &((const struct leaktree *)context)->nodes.items[id];
    const struct leaktree_node *b = key;
    return a->parent == b->parent && a->function == b->function && a->module == b->module &&
           a->address == b->address && a->cut == b->cut;
}

/* The child of `parent` for a function, made if there is none. */
static uint32_t leaktree_child(struct leaktree *tree, const struct profile *profile,
                               uint32_t parent, const struct callpath_entry *entry)
{
    const struct frame *frame = &profile->frames.items[entry->frame];
    const struct symbol *symbol = entry->symbol;
    struct leaktree_node key = {
        .parent = parent,
        .function = symbol != NULL ? symbol->function : NULL,
        .module = frame->module,
        .cut = entry->frame == 0,
        .file = symbol != NULL ? symbol->file : NULL,
        .line = symbol != NULL ? symbol->line : 0,
    };
    if (key.function == NULL) {
        key.address = frame->address;
    }
    uint64_t hash = idmap_mix(idmap_mix(4, (uintptr_t)key.function), key.address);
    hash = idmap_mix(hash, (uint64_t)key.module << 32 | key.parent);
    uint32_t id = idmap_find(&tree->index, hash, leaktree_equal, tree, &key);
    if (id == 0) {
        id = (uint32_t)tree->nodes.count;
        key.next_sibling = tree->nodes.items[parent].first_child;
        *VEC_PUSH(&tree->nodes) = key;
        tree->nodes.items[parent].first_child = id;
        tree->nodes.items[parent].children++;
        idmap_add(&tree->index, hash, id);
    } else if (tree->nodes.items[id].line != key.line || tree->nodes.items[id].file != key.file) {
        tree->nodes.items[id].several_lines = true;
    }
    return id;
}

static void leaktree_count(struct leaktree_node *node, const struct mmt_leak *leak)
{
    node->bytes = profile_add(node->bytes, leak->bytes);
    node->blocks = profile_add(node->blocks, leak->blocks);
}

static void leaktree_add(struct leaktree *tree, const struct profile *profile,
                         const struct mmt_leak *leak, const struct callpath *path, bool invert)
{
    size_t count = path->entries.count;
    uint32_t node = 0;
    leaktree_count(&tree->nodes.items[0], leak);
    for (size_t i = 0; i < count; i++) {
        node =
            leaktree_child(tree, profile, node, &path->entries.items[invert ? i : count - 1 - i]);
        leaktree_count(&tree->nodes.items[node], leak);
    }
    struct leaktree_node *last = &tree->nodes.items[node];
    last->self_bytes = profile_add(last->self_bytes, leak->bytes);
    last->self_blocks = profile_add(last->self_blocks, leak->blocks);
}

/* The largest leak comes first, so that a node shows the line that matters most. */
static int leaktree_by_size(const void *left, const void *right)
{
    const struct mmt_leak *a = *(const struct mmt_leak *const *)left;
    const struct mmt_leak *b = *(const struct mmt_leak *const *)right;
    if (a->bytes != b->bytes) {
        return a->bytes > b->bytes ? -1 : 1;
    }
    if (a->stack != b->stack) {
        return a->stack < b->stack ? -1 : 1;
    }
    return a < b ? -1 : a > b;
}

struct leaktree_sorted {
    const struct leaktree_node *node;
    uint32_t id;
    const char *path;
};

static int leaktree_by_bytes(const void *left, const void *right)
{
    const struct leaktree_sorted *a = left, *b = right;
    if (a->node->bytes != b->node->bytes) {
        return a->node->bytes > b->node->bytes ? -1 : 1;
    }
    int order = strcmp(a->node->function != NULL ? a->node->function : "",
                       b->node->function != NULL ? b->node->function : "");
    if (order == 0) {
        order = strcmp(a->path, b->path);
    }
    if (order == 0 && a->node->address != b->node->address) {
        order = a->node->address < b->node->address ? -1 : 1;
    }
    return order != 0 ? order : a->id < b->id ? -1 : a->id > b->id;
}

static void leaktree_sort_children(struct leaktree *tree, const struct profile *profile,
                                   struct leaktree_node *parent, struct leaktree_sorted *order)
{
    size_t count = 0;
    for (uint32_t id = parent->first_child; id != 0; id = tree->nodes.items[id].next_sibling) {
        const struct leaktree_node *node = &tree->nodes.items[id];
        order[count++] =
            (struct leaktree_sorted){node, id, profile->modules.items[node->module].path};
    }
    if (count < 2) {
        return;
    }
    qsort(order, count, sizeof *order, leaktree_by_bytes);
    uint32_t *link = &parent->first_child;
    for (size_t i = 0; i < count; i++) {
        *link = order[i].id;
        link = &tree->nodes.items[order[i].id].next_sibling;
    }
    *link = 0;
}

void leaktree_build(struct leaktree *tree, const struct profile *profile,
                    const struct leaktree_options *options)
{
    const struct mmt_leak **leaks = xalloc_zeroed(profile->leaks.count, sizeof *leaks);
    size_t count = 0;
    for (size_t i = 0; i < profile->leaks.count; i++) {
        const struct mmt_leak *leak = &profile->leaks.items[i].record;
        if ((options->kinds >> leak->kind & 1) != 0) {
            leaks[count++] = leak;
        }
    }
    qsort(leaks, count, sizeof(*leaks), leaktree_by_size);
    memset(tree, 0, sizeof *tree);
    *VEC_PUSH(&tree->nodes) = (struct leaktree_node){0};
    struct callpath path = {0};
    for (size_t i = 0; i < count; i++) {
        callpath_expand(&path, profile, leaks[i]->stack, options->all_frames);
        leaktree_add(tree, profile, leaks[i], &path, options->invert);
    }
    callpath_free(&path);
    free(leaks);
    struct leaktree_sorted *order = xalloc_zeroed(tree->nodes.count, sizeof *order);
    for (size_t i = 0; i < tree->nodes.count; i++) {
        leaktree_sort_children(tree, profile, &tree->nodes.items[i], order);
    }
    free(order);
}

void leaktree_free(struct leaktree *tree)
{
    VEC_FREE(&tree->nodes);
    idmap_free(&tree->index);
}

double leaktree_share(uint64_t part, uint64_t whole)
{
    return whole != 0 ? (double)part / (double)whole : 0;
}

uint32_t leaktree_origin(const struct leaktree *tree)
{
    const struct leaktree_node *nodes = tree->nodes.items;
    uint32_t node = 0;
    while (nodes[0].bytes != 0) {
        /* The first child is the largest. */
        uint32_t child = nodes[node].first_child;
        if (child == 0 || (unsigned __int128)nodes[child].bytes * 100 <
                              (unsigned __int128)nodes[0].bytes * LEAKTREE_ORIGIN_PERCENT) {
            break;
        }
        node = child;
    }
    return node;
}
