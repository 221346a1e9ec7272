/* SPDX-License-Identifier: MIT
 *
 * glibc has three lists of threads in ld.so's data, which stand one behind the other: of those that
 * live, or have ended and are not joined yet, on stacks that it made; of the same on stacks that
 * programs brought; and of those whose stacks wait for new threads. It describes the first two, and
 * where in a control block the links are, for debuggers (libthread_db), by symbols that each are
 * three numbers: bits, count, offset. In a list that a thread was changing when it was stopped, the
 * way forward is whole.
 */
#include "leak/dead_stacks.h"

#include "base/probe.h"
#include "stack/loaded_symbol.h"

#define MOST_THREADS 1000000

static struct {
    uintptr_t waiting; /* head of a list; 0: not known */
    uintptr_t link; /* offset in a control block */
} lists;

static bool field(const char *name, uintptr_t *offset)
{
    enum { BITS, COUNT, OFFSET };
    const uint32_t *description = loaded_symbol(name, false);
    if (description)
        *offset = description[OFFSET];
    return description != NULL;
}

void dead_stacks_init(void)
{
    enum { LIST = 2 * sizeof(uintptr_t) };
    uintptr_t base = (uintptr_t)loaded_symbol("_rtld_global", false), made, brought;
    if (base && field("_thread_db_pthread_list", &lists.link) &&
        field("_thread_db_rtld_global__dl_stack_used", &made) &&
        field("_thread_db_rtld_global__dl_stack_user", &brought) && brought == made + LIST)
        lists.waiting = base + brought + LIST;
}

/* Whether it is a list's head: its neighbours point back at it. */
static bool is_list(uintptr_t head)
{
    uintptr_t next, previous, back;
    return head && probe_word(head, &next) && probe_word(head + sizeof(next), &previous) &&
           probe_word(next + sizeof(next), &back) && back == head && probe_word(previous, &back) &&
           back == head;
}

static void each_waiting(void (*visit)(uintptr_t thread, void *argument), void *argument)
{
    uintptr_t at = lists.waiting;
    if (!is_list(at))
        return;
    for (int i = 0; i < MOST_THREADS && probe_word(at, &at) && at != lists.waiting; i++)
        visit(at - lists.link, argument);
}

static void dead_stacks_find_one(uintptr_t thread, void *argument)
{
    regions_find_stack(argument, thread);
}

void dead_stacks_find(struct regions *regions)
{
    each_waiting(dead_stacks_find_one, regions);
}

static struct block *live_block(const struct mark *mark, uintptr_t start)
{
    struct block *block = mark->heap->record(start);
    if (!block || block->start != start || block_state_of(block) != BLOCK_LIVE)
        return NULL;
    return block;
}

/* The table's elements are two words: where the storage is that belongs to a module, and what to
 * free for it. The control block's second word points behind the first element. */
static void hold_storage(struct mark *mark, uintptr_t thread)
{
    enum { ELEMENT = 16, TO_FREE = 8 };
    uintptr_t table, storage;
    struct block *block = probe_word(thread + 8, &table) ? live_block(mark, table - ELEMENT) : NULL;
    if (!block)
        return;
    mark_held_empty(mark, block);
    for (size_t offset = ELEMENT + TO_FREE; offset < block->size; offset += ELEMENT) {
        struct block *held = probe_word(block->start + offset, &storage) && storage
                                 ? live_block(mark, storage)
                                 : NULL;
        if (held)
            mark_held_empty(mark, held);
    }
}

struct dropping {
    struct regions *regions;
    struct mark *mark;
};

static void drop(uintptr_t thread, void *argument)
{
    const uint32_t needed = REGION_READ | REGION_WRITE | REGION_STACK;
    const struct dropping *dropping = argument;
    struct region *region = regions_find(dropping->regions, thread);
    if (!region || (region->flags & needed) != needed || region->flags & REGION_THREAD ||
        region->live_from != thread)
        return;
    region->live_from = region->end;
    hold_storage(dropping->mark, thread);
}

void dead_stacks_drop(struct regions *regions, struct mark *mark)
{
    each_waiting(drop, &(struct dropping){regions, mark});
}
