/* SPDX-License-Identifier: MIT
 *
 * The order in which lost blocks are taken. Of blocks that hold one another in a circle - a
 * std::map and its nodes, a parent and its children - any could be the leak and the others what it
 * holds; the one that is taken first is. It must not depend on addresses or threads, and so goes by
 * the call stack of the allocation: the one with the fewest callers comes first, since an owner is
 * mostly made before and further out than what it owns; then by the outermost call that differs,
 * the earlier in the code first; then by size. Blocks that are equal in all that keep the order of
 * the heap.
 */
#ifndef LEAK_ORDER_H
#define LEAK_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct block;

struct order {
    struct order_list *lists; /* a hash table by stack */
    size_t count, capacity;
    struct block **blocks;
    size_t block_count;
    bool (*wanted)(const struct block *block);
    bool failed;
};

/* Lists the blocks of `each` that are wanted. Returns false if there is no memory; order_free() is
 * needed in either case. With all threads stopped: no block may come or go. */
bool order_make(struct order *order,
                void (*each)(bool (*visit)(struct block *block, void *argument), void *argument),
                bool (*wanted)(const struct block *block));

/* Visits all that are listed, until `visit` returns false. */
void order_each(const struct order *order, bool (*visit)(struct block *block, void *argument),
                void *argument);

void order_free(struct order *order);

#endif
