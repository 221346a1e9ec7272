/* SPDX-License-Identifier: MIT */
#include "leak/order.h"

#include "base/own_memory.h"
#include "heap/block.h"
#include "leak/sort_records.h"
#include "stack/depot.h"

#define FIRST_LISTS 512

/* Blocks of one stack and size: so many of them, of which the next stands there. */
struct order_list {
    size_t count, next; /* 0: the entry is free */
    uint64_t size;
    uint32_t stack, depth;
};

static uint32_t depth_of(uint32_t stack)
{
    uint32_t depth = 0;
    for (const struct mmt_frame *node; (node = depot_node(stack)) != NULL; stack = node->parent)
        depth++;
    return depth;
}

/* Where a module lies differs from run to run, the order of what is in it does not. */
static int compare_frames(const struct mmt_frame *a, const struct mmt_frame *b)
{
    uint32_t module_a = a->module & MMT_FRAME_MODULE_MASK,
             module_b = b->module & MMT_FRAME_MODULE_MASK;
    if (module_a != module_b)
        return module_a < module_b ? -1 : 1;
    return a->pc == b->pc ? 0 : a->pc < b->pc ? -1 : 1;
}

/* Of two stacks with as many frames: by the outermost that differs. */
static int compare_stacks(uint32_t a, uint32_t b)
{
    int order = 0;
    while (a != b) {
        const struct mmt_frame *node_a = depot_node(a), *node_b = depot_node(b);
        if (!node_a || !node_b)
            break;
        int frames = compare_frames(node_a, node_b);
        order = frames ? frames : order;
        a = node_a->parent;
        b = node_b->parent;
    }
    return order;
}

static struct order_list *list_of(struct order_list *lists, size_t capacity, uint32_t stack,
                                  uint64_t size)
{
    size_t at = ((stack + (size << 32)) * 0x9e3779b97f4a7c15u) >> 32;
    for (;; at++) {
        struct order_list *list = &lists[at & (capacity - 1)];
        if (!list->count || (list->stack == stack && list->size == size))
            return list;
    }
}

static bool order_grow(struct order *order)
{
    size_t capacity = order->capacity ? order->capacity * 2 : FIRST_LISTS;
    struct order_list *lists = own_map(capacity * sizeof(*lists));
    if (!lists)
        return false;
    for (size_t i = 0; i < order->capacity; i++)
        if (order->lists[i].count)
            *list_of(lists, capacity, order->lists[i].stack, order->lists[i].size) =
                order->lists[i];
    if (order->lists)
        own_unmap(order->lists, order->capacity * sizeof(*lists));
    order->lists = lists;
    order->capacity = capacity;
    return true;
}

static bool count(struct order *order, const struct block *block)
{
    if (order->count * 2 >= order->capacity && !order_grow(order))
        return false;
    uint32_t stack = block->alloc_stack;
    uint64_t size = block->size;
    struct order_list *list = list_of(order->lists, order->capacity, stack, size);
    if (!list->count) {
        *list = (struct order_list){.size = size, .stack = stack, .depth = depth_of(stack)};
        order->count++;
    }
    list->count++;
    order->block_count++;
    return true;
}

static bool list_before(const void *first, const void *second)
{
    const struct order_list *a = first, *b = second;
    if (a->depth != b->depth)
        return a->depth < b->depth;
    int stacks = compare_stacks(a->stack, b->stack);
    return stacks ? stacks < 0 : a->size < b->size;
}

/* Where each list begins among the blocks. */
static bool arrange(struct order *order)
{
    if (!order->block_count)
        return true;
    size_t used = 0, next = 0, length = order->count * sizeof(struct order_list);
    struct order_list *sorted = own_map(length);
    order->blocks = own_map(order->block_count * sizeof(struct block *));
    if (sorted && order->blocks) {
        for (size_t i = 0; i < order->capacity; i++)
            if (order->lists[i].count)
                sorted[used++] = order->lists[i];
        sort_records(sorted, used, sizeof(*sorted), list_before);
        for (size_t i = 0; i < used; i++) {
            list_of(order->lists, order->capacity, sorted[i].stack, sorted[i].size)->next = next;
            next += sorted[i].count;
        }
    }
    if (sorted)
        own_unmap(sorted, length);
    return sorted && order->blocks;
}

static bool count_wanted(struct block *block, void *argument)
{
    struct order *order = argument;
    order->failed = order->wanted(block) && !count(order, block);
    return !order->failed;
}

static bool add_wanted(struct block *block, void *argument)
{
    struct order *order = argument;
    if (order->wanted(block))
        order->blocks[list_of(order->lists, order->capacity, block->alloc_stack, block->size)
                          ->next++] = block;
    return true;
}

bool order_make(struct order *order,
                void (*each)(bool (*visit)(struct block *block, void *argument), void *argument),
                bool (*wanted)(const struct block *block))
{
    *order = (struct order){.wanted = wanted};
    each(count_wanted, order);
    if (order->failed || !arrange(order))
        return false;
    each(add_wanted, order);
    return true;
}

void order_each(const struct order *order, bool (*visit)(struct block *block, void *argument),
                void *argument)
{
    for (size_t i = 0; i < order->block_count && visit(order->blocks[i], argument); i++)
        continue;
}

void order_free(struct order *order)
{
    if (order->lists)
        own_unmap(order->lists, order->capacity * sizeof(*order->lists));
    if (order->blocks)
        own_unmap(order->blocks, order->block_count * sizeof(struct block *));
    *order = (struct order){0};
}
