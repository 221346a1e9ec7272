/* SPDX-License-Identifier: MIT */
#include "trace/selection.h"

#include "base/bits.h"
#include "base/own_memory.h"
#include "base/thread.h"
#include "stack/depot.h"
#include "stack/modules.h"
#include "trace/state.h"

/* ---- ids */

static size_t words(uint32_t limit)
{
    return (size_t)limit / 64 + 1;
}

static size_t ids_size(const struct selection_ids *ids)
{
    return words(ids->limit) * (sizeof(uint64_t) + sizeof(uint64_t));
}

/* The memory behind what this takes of `memory`. */
static void *ids_place(struct selection_ids *ids, void *memory)
{
    ids->chosen = memory;
    ids->before = (uint32_t *)(ids->chosen + words(ids->limit));
    return (char *)memory + ids_size(ids);
}

static bool is_chosen(const struct selection_ids *ids, uint32_t id)
{
    return id && id <= ids->limit && ids->chosen[id / 64] >> id % 64 & 1;
}

/* False if that is no id, or was chosen before. */
static bool choose(struct selection_ids *ids, uint32_t id)
{
    if (!id || id > ids->limit || is_chosen(ids, id))
        return false;
    ids->chosen[id / 64] |= (uint64_t)1 << id % 64;
    return true;
}

static void selection_number_ids(struct selection_ids *ids)
{
    for (size_t word = 0; word < words(ids->limit); word++) {
        ids->before[word] = ids->count;
        ids->count += (uint32_t)__builtin_popcountll(ids->chosen[word]);
    }
}

static uint32_t number_of(const struct selection_ids *ids, uint32_t id)
{
    if (!is_chosen(ids, id))
        return 0;
    uint64_t lower = ids->chosen[id / 64] & (((uint64_t)1 << id % 64) - 1);
    return ids->before[id / 64] + (uint32_t)__builtin_popcountll(lower) + 1;
}

/* The next chosen id after `id`; 0 if there is none. */
static uint32_t next_of(const struct selection_ids *ids, uint32_t id)
{
    size_t word = ++id / 64;
    if (id > ids->limit)
        return 0;
    uint64_t left = ids->chosen[word] & ~(uint64_t)0 << id % 64;
    while (!left && ++word < words(ids->limit))
        left = ids->chosen[word];
    return left ? (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(left) : 0;
}

/* ---- naming */

void selection_begin(struct selection *selection)
{
    struct selection_ids *stacks = &selection->stacks, *modules = &selection->modules,
                         *threads = &selection->threads;
    *selection = (struct selection){0};
    threads->limit = thread_count();
    stacks->limit = depot_count(); /* after the threads, and before the modules that they name */
    modules->limit = modules_count();
    selection->memory_size = ids_size(stacks) + ids_size(modules) + ids_size(threads);
    selection->memory = own_map(selection->memory_size);
    if (!selection->memory)
        return;
    ids_place(threads, ids_place(modules, ids_place(stacks, selection->memory)));
    for (uint32_t id = thread_first_own(); id <= threads->limit; id++)
        selection_name_thread(selection, id);
}

void selection_end(struct selection *selection)
{
    if (selection->memory)
        own_unmap(selection->memory, selection->memory_size);
    selection->memory = NULL;
}

/* With its callers. */
void selection_name_stack(struct selection *selection, uint32_t stack)
{
    if (!selection->memory)
        return;
    while (choose(&selection->stacks, stack)) {
        const struct mmt_frame *node = depot_node(stack);
        choose(&selection->modules, node->module & MMT_FRAME_MODULE_MASK);
        stack = node->parent;
    }
}

/* With its creator and where that created it. */
void selection_name_thread(struct selection *selection, uint32_t thread)
{
    if (!selection->memory)
        return;
    while (choose(&selection->threads, thread)) {
        const struct thread_info *info = thread_info_get(thread);
        selection_name_stack(selection, info->creation_stack);
        thread = info->creator;
    }
}

void selection_number(struct selection *selection)
{
    if (!selection->memory)
        return;
    selection_number_ids(&selection->stacks);
    selection_number_ids(&selection->modules);
    selection_number_ids(&selection->threads);
}

/* ---- writing */

uint32_t selection_stack(const struct selection *selection, uint32_t stack)
{
    return selection->memory ? number_of(&selection->stacks, stack) : stack;
}

void selection_put_modules(const struct selection *selection, struct trace_writer *writer)
{
    if (!selection->memory) {
        trace_put_modules(writer);
        return;
    }
    const struct selection_ids *modules = &selection->modules;
    for (uint32_t id = 0; (id = next_of(modules, id)) != 0;)
        trace_put_module(writer, id, number_of(modules, id));
}

void selection_put_stacks(const struct selection *selection, struct trace_writer *writer)
{
    if (!selection->memory) {
        trace_put_stacks(writer);
        return;
    }
    const struct selection_ids *stacks = &selection->stacks;
    struct mmt_stacks head = {.first_id = 1, .count = stacks->count};
    trace_open_record(writer, MMT_STACKS,
                      sizeof(head) + (uint64_t)head.count * sizeof(struct mmt_frame));
    trace_put(writer, &head, sizeof(head));
    for (uint32_t id = 0; (id = next_of(stacks, id)) != 0;) {
        struct mmt_frame frame = *depot_node(id);
        frame.parent = number_of(stacks, frame.parent);
        frame.module = (frame.module & ~MMT_FRAME_MODULE_MASK) |
                       number_of(&selection->modules, frame.module & MMT_FRAME_MODULE_MASK);
        trace_put(writer, &frame, sizeof(frame));
    }
    trace_close_record(writer);
}

void selection_put_threads(const struct selection *selection, struct trace_writer *writer)
{
    const struct selection_ids *threads = &selection->threads;
    for (uint32_t id = 1; id <= threads->limit; id++)
        if (!selection->memory || is_chosen(threads, id))
            trace_put_thread(writer, id,
                             selection_stack(selection, thread_info_get(id)->creation_stack));
}
