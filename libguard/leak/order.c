/* SPDX-License-Identifier: MIT */
#include "leak/order.h"

#include "base/own_memory.h"
#include "heap/block.h"
#include "leak/sort_records.h"
#include "stack/depot.h"

#define FIRST_LISTS 512

/* Blocks of one stack and size: so many of them, of which the next stands there. */
struct order_list {
    uint64_t key;
    size_t count, next; /* 0: the entry is free */
    uint64_t size;
    uint32_t stack;
};

/* Return addresses move by whole pages from run to run. */
static uint64_t order_key(uint32_t stack, uint64_t size)
{
    uint64_t depth = 0, hash = size;
    const struct mmt_frame *node;
    for (; (node = depot_node(stack)) != NULL; stack = node->parent, depth++) {
        hash = (hash ^ (node->pc & 4095)) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    return depth << 48 | hash >> 16;
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

static bool grow(struct order *order)
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
    if (order->count * 2 >= order->capacity && !grow(order))
        return false;
    uint32_t stack = block->alloc_stack;
    uint64_t size = block->size;
    struct order_list *list = list_of(order->lists, order->capacity, stack, size);
    if (!list->count) {
        *list = (struct order_list){.key = order_key(stack, size), .size = size, .stack = stack};
        order->count++;
    }
    list->count++;
    order->block_count++;
    return true;
}

struct place {
    uint64_t key;
    size_t list;
};

static bool place_before(const void *first, const void *second)
{
    const struct place *a = first, *b = second;
    return a->key < b->key;
}

/* Where each list begins among the blocks. */
static bool arrange(struct order *order)
{
    if (!order->block_count)
        return true;
    size_t used = 0, next = 0, length = order->count * sizeof(struct place);
    struct place *places = own_map(length);
    order->blocks = own_map(order->block_count * sizeof(struct block *));
    if (places && order->blocks) {
        for (size_t i = 0; i < order->capacity; i++)
            if (order->lists[i].count)
                places[used++] = (struct place){order->lists[i].key, i};
        sort_records(places, used, sizeof(*places), place_before);
        for (size_t i = 0; i < used; i++) {
            order->lists[places[i].list].next = next;
            next += order->lists[places[i].list].count;
        }
    }
    if (places)
        own_unmap(places, length);
    return places && order->blocks;
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
