/* SPDX-License-Identifier: MIT */
#include "stack/place.h"

#include <stdatomic.h>

#include "base/bits.h"
#include "stack/depot.h"
#include "stack/modules.h"

#define FRAMES 3

static bool in_runtime(const struct mmt_frame *frame)
{
    const struct module *module = modules_get(frame->module & MMT_FRAME_MODULE_MASK);
    return module && module->runtime;
}

static NOINLINE uint32_t find_place(uint32_t stack)
{
    uint64_t hash = 0;
    unsigned taken = 0;
    const struct mmt_frame *frame = depot_node(stack);
    for (; taken < FRAMES && frame; frame = depot_node(frame->parent))
        if (!in_runtime(frame)) {
            hash = depot_hash(hash, frame->pc);
            taken++;
        }
    if (!taken)
        hash = depot_hash(hash, stack);
    return (uint32_t)max_size(hash >> 32, 1);
}

HOT uint32_t place_of(uint32_t stack)
{
    struct depot_notes *notes = depot_notes(stack);
    if (unlikely(!notes))
        return find_place(stack);
    uint32_t place = atomic_load_explicit(&notes->place, memory_order_relaxed);
    if (unlikely(!place)) {
        place = find_place(stack);
        atomic_store_explicit(&notes->place, place, memory_order_relaxed);
    }
    return place;
}
