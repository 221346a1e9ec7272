/* SPDX-License-Identifier: MIT */
#include "query/leaktree.h"

#include "query/leakstacks.h"

#include <string.h>

struct leaktree_builder {
    struct leaktree *tree;
    size_t before_room; /* elements of tree->before */
    VEC(uint32_t) labels; /* the path of the stack before, from the root on */
    VEC(uint32_t) nodes;
};

static bool leaktree_equal(const void *context, uint32_t id, const void *key)
{
    const struct leaktree_node *a = &((const struct leaktree *)context)->nodes.items[id];
    const struct leaktree_node *b = key;
    return a->parent == b->parent && a->label == b->label;
}

/* The child of `parent` for a label, made if there is none. Most nodes have one child; only the
 * others are in the index. */
static uint32_t leaktree_child(struct leaktree *tree, uint32_t parent, uint32_t label)
{
    struct leaktree_node key = {.parent = parent, .label = label};
    uint32_t id = (uint32_t)tree->nodes.count, first = tree->nodes.items[parent].first_child;
    if (first == 0) {
        *VEC_PUSH(&tree->nodes) = key;
        tree->nodes.items[parent].first_child = id;
        return id;
    }
    if (tree->nodes.items[first].label == label)
        return first;
    uint64_t hash = idmap_mix(4, (uint64_t)label << 32 | parent);
    uint32_t found = idmap_find(&tree->index, hash, leaktree_equal, tree, &key);
    if (found != 0)
        return found;
    key.next_sibling = tree->nodes.items[first].next_sibling;
    *VEC_PUSH(&tree->nodes) = key;
    tree->nodes.items[first].next_sibling = id;
    idmap_add(&tree->index, hash, id);
    return id;
}

static int leaktree_place_order(const struct paths *paths, uint32_t left, uint32_t right)
{
    struct callpath_entry a = paths_call(paths, left), b = paths_call(paths, right);
    if (a.symbol == NULL || b.symbol == NULL)
        return (a.symbol != NULL) - (b.symbol != NULL);
    if (a.symbol->file != b.symbol->file) {
        return strcmp(a.symbol->file != NULL ? a.symbol->file : "",
                      b.symbol->file != NULL ? b.symbol->file : "");
    }
    return a.symbol->line < b.symbol->line ? -1 : a.symbol->line > b.symbol->line;
}

/* A node shows the line of the largest leak; of several, the first by name. */
static void leaktree_note_entry(struct leaktree *tree, uint32_t id, uint32_t entry, uint64_t bytes)
{
    struct leaktree_node *node = &tree->nodes.items[id];
    if (node->entry == entry) {
        node->entry_bytes = bytes > node->entry_bytes ? bytes : node->entry_bytes;
        return;
    }
    int order = 0;
    if (node->entry != 0) {
        order = leaktree_place_order(&tree->paths, entry, node->entry);
        node->several_lines |= order != 0;
    }
    if (node->entry == 0 || bytes > node->entry_bytes ||
        (bytes == node->entry_bytes && order < 0)) {
        node->entry = entry;
        node->entry_bytes = bytes;
    }
}

static struct leaktree_before *leaktree_before(struct leaktree_builder *builder, uint32_t node)
{
    struct leaktree *tree = builder->tree;
    if (builder->before_room < tree->nodes.count) {
        size_t room = tree->nodes.capacity;
        tree->before = xalloc_resize(tree->before, room, sizeof *tree->before);
        memset(tree->before + builder->before_room, 0,
               (room - builder->before_room) * sizeof *tree->before);
        builder->before_room = room;
    }
    return &tree->before[node];
}

static void leaktree_count(struct leaktree_builder *builder, uint32_t id,
                           const struct leakstack *leak, bool self)
{
    struct leaktree_node *node = &builder->tree->nodes.items[id];
    uint64_t *sums[] = {&node->bytes, &node->blocks, &node->self_bytes, &node->self_blocks};
    if (builder->tree->options.split != 0 && !leak->second) {
        struct leaktree_before *before = leaktree_before(builder, id);
        sums[0] = &before->bytes, sums[1] = &before->blocks;
        sums[2] = &before->self_bytes, sums[3] = &before->self_blocks;
    }
    int first = self ? 2 : 0;
    *sums[first] = profile_add(*sums[first], leak->bytes);
    *sums[first + 1] = profile_add(*sums[first + 1], leak->blocks);
}

/* The node for element `depth` of a path; the path before this one is remembered, as most of two
 * neighbours is the same. */
static uint32_t leaktree_step(struct leaktree_builder *builder, uint32_t parent, uint32_t label,
                              size_t depth)
{
    if (depth < builder->labels.count && builder->labels.items[depth] == label)
        return builder->nodes.items[depth];
    uint32_t node = leaktree_child(builder->tree, parent, label);
    builder->labels.count = builder->nodes.count = depth;
    *VEC_PUSH(&builder->labels) = label;
    *VEC_PUSH(&builder->nodes) = node;
    return node;
}

static void leaktree_add(struct leaktree_builder *builder, const struct leakstack *leak)
{
    struct leaktree *tree = builder->tree;
    struct paths *paths = &tree->paths;
    uint32_t node = 0;
    if (!paths_make(paths, leak->stack)) {
        tree->left_out_bytes = profile_add(tree->left_out_bytes, leak->bytes);
        tree->left_out_blocks = profile_add(tree->left_out_blocks, leak->blocks);
        return;
    }
    leaktree_count(builder, 0, leak, false);
    size_t depth = 0, count = paths->path.count;
    if (paths->group == PATHS_THREAD || paths->group == PATHS_PROCESS) {
        uint32_t label = paths_owner(paths, leak->owner, leak->owner);
        node = leaktree_step(builder, 0, label, depth++);
        leaktree_count(builder, node, leak, false);
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t entry = paths->path.items[tree->options.invert ? count - 1 - i : i];
        node = leaktree_step(builder, node, paths->entries.items[entry].label, depth++);
        leaktree_count(builder, node, leak, false);
        leaktree_note_entry(tree, node, entry, leak->bytes);
    }
    leaktree_count(builder, node, leak, true);
}

static uint64_t leaktree_change(uint64_t before, uint64_t after)
{
    return before > after ? before - after : after - before;
}

/* Children have higher numbers than their parents. */
static void leaktree_changes(struct leaktree *tree)
{
    for (size_t id = tree->nodes.count; id-- > 0;) {
        const struct leaktree_node *node = &tree->nodes.items[id];
        struct leaktree_before *before = &tree->before[id];
        before->changed_bytes = profile_add(before->changed_bytes,
                                            leaktree_change(before->self_bytes, node->self_bytes));
        before->changed_blocks = profile_add(
            before->changed_blocks, leaktree_change(before->self_blocks, node->self_blocks));
        if (id != 0) {
            struct leaktree_before *parent = &tree->before[node->parent];
            parent->changed_bytes = profile_add(parent->changed_bytes, before->changed_bytes);
            parent->changed_blocks = profile_add(parent->changed_blocks, before->changed_blocks);
        }
    }
}

uint64_t leaktree_weight(const struct leaktree *tree, uint32_t node)
{
    bool blocks = tree->options.sort == LEAKTREE_BY_BLOCKS;
    if (tree->before != NULL) {
        const struct leaktree_before *before = &tree->before[node];
        return blocks ? before->changed_blocks : before->changed_bytes;
    }
    const struct leaktree_node *one = &tree->nodes.items[node];
    return blocks ? one->blocks : one->bytes;
}

struct leaktree_sorted {
    const struct leaktree *tree;
    uint32_t id;
};

static int leaktree_order(const void *left, const void *right)
{
    const struct leaktree_sorted *a = left, *b = right;
    const struct leaktree *tree = a->tree;
    if (tree->options.sort != LEAKTREE_BY_NAME) {
        uint64_t one = leaktree_weight(tree, a->id), other = leaktree_weight(tree, b->id);
        if (one != other)
            return one > other ? -1 : 1;
    }
    int order =
        paths_compare(&tree->paths, tree->nodes.items[a->id].label, tree->nodes.items[b->id].label);
    return order != 0 ? order : a->id < b->id ? -1 : a->id > b->id;
}

static void leaktree_sort_children(struct leaktree *tree, uint32_t parent,
                                   struct leaktree_sorted *order)
{
    struct leaktree_node *nodes = tree->nodes.items;
    size_t count = 0;
    for (uint32_t id = nodes[parent].first_child; id != 0; id = nodes[id].next_sibling)
        order[count++] = (struct leaktree_sorted){tree, id};
    if (count < 2)
        return;
    qsort(order, count, sizeof *order, leaktree_order);
    uint32_t *link = &nodes[parent].first_child;
    for (size_t i = 0; i < count; i++) {
        *link = order[i].id;
        link = &nodes[order[i].id].next_sibling;
    }
    *link = 0;
}

static void leaktree_sort(struct leaktree *tree)
{
    struct leaktree_node *nodes = tree->nodes.items;
    size_t most = 0;
    uint32_t *children = xalloc_zeroed(tree->nodes.count, sizeof *children);
    for (size_t i = 1; i < tree->nodes.count; i++) {
        uint32_t count = ++children[nodes[i].parent];
        most = count > most ? count : most;
    }
    struct leaktree_sorted *order = xalloc_zeroed(most + 1, sizeof *order);
    for (uint32_t i = 0; i < tree->nodes.count; i++)
        if (children[i] > 1)
            leaktree_sort_children(tree, i, order);
    free(order);
    free(children);
}

void leaktree_build(struct leaktree *tree, const struct profile *profile,
                    const struct leaktree_options *options)
{
    memset(tree, 0, sizeof *tree);
    tree->profile = profile;
    tree->options = *options;
    paths_init(&tree->paths, profile, options->group, options->all_frames, options->all_calls,
               options->filter);
    *VEC_PUSH(&tree->nodes) = (struct leaktree_node){0};
    struct leaktree_builder builder = {.tree = tree};
    struct leakstacks stacks;
    leakstacks_sum(&stacks, profile, options->metric, options->kinds,
                   options->group == PATHS_THREAD    ? LEAKSTACKS_THREAD
                   : options->group == PATHS_PROCESS ? LEAKSTACKS_PROCESS
                                                     : LEAKSTACKS_NOBODY,
                   options->split);
    for (size_t i = 0; i < stacks.items.count; i++)
        leaktree_add(&builder, &stacks.items.items[i]);
    leakstacks_free(&stacks);
    if (options->split != 0) {
        leaktree_before(&builder, 0);
        leaktree_changes(tree);
    }
    VEC_FREE(&builder.labels);
    VEC_FREE(&builder.nodes);
    idmap_free(&tree->index);
    leaktree_sort(tree);
}

void leaktree_free(struct leaktree *tree)
{
    VEC_FREE(&tree->nodes);
    free(tree->before);
    idmap_free(&tree->index);
    paths_free(&tree->paths);
}

const char *leaktree_place(const struct leaktree *tree, uint32_t node, uint32_t *line)
{
    const struct paths_label *label = leaktree_label(tree, node);
    uint32_t entry = tree->nodes.items[node].entry;
    *line = 0;
    if (entry == 0 || (label->function == NULL && label->address == 0 && label->line == 0)) {
        /* Of a file or a module as a whole. */
        return NULL;
    }
    struct callpath_entry call = paths_call(&tree->paths, entry);
    if (call.symbol == NULL)
        return NULL;
    *line = call.symbol->line;
    return call.symbol->file;
}

double leaktree_share(uint64_t part, uint64_t whole)
{
    return whole != 0 ? (double)part / (double)whole : 0;
}

double leaktree_share_of(const struct leaktree *tree, uint64_t bytes, uint64_t blocks)
{
    const struct leaktree_node *root = &tree->nodes.items[0];
    return leaktree_share(leaktree_amount(tree, bytes, blocks),
                          leaktree_amount(tree, root->bytes, root->blocks));
}

static uint64_t leaktree_node_amount(const struct leaktree *tree, uint32_t id)
{
    const struct leaktree_node *node = &tree->nodes.items[id];
    return leaktree_amount(tree, node->bytes, node->blocks);
}

uint32_t leaktree_origin(const struct leaktree *tree)
{
    const struct leaktree_node *nodes = tree->nodes.items;
    uint32_t node = 0;
    uint64_t whole = leaktree_node_amount(tree, 0);
    while (whole != 0) {
        uint32_t largest = 0;
        for (uint32_t id = nodes[node].first_child; id != 0; id = nodes[id].next_sibling)
            if (largest == 0 ||
                leaktree_node_amount(tree, id) > leaktree_node_amount(tree, largest))
                largest = id;
        if (largest == 0 || (unsigned __int128)leaktree_node_amount(tree, largest) * 100 <
                                (unsigned __int128)whole * LEAKTREE_ORIGIN_PERCENT)
            break;
        node = largest;
    }
    return node;
}
