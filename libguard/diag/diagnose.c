/* SPDX-License-Identifier: MIT */
#include "diag/diagnose.h"

#include "base/bits.h"
#include "diag/family.h"

/* C++ only: in C, free() takes memory of any alignment. */
static bool is_aligned_form(uint8_t function)
{
    return function == MMT_FUNCTION_NEW_ALIGNED || function == MMT_FUNCTION_NEW_ARRAY_ALIGNED ||
           function == MMT_FUNCTION_DELETE_ALIGNED || function == MMT_FUNCTION_DELETE_ARRAY_ALIGNED;
}

static void set_block(struct mmt_finding *finding, const struct block *block)
{
    finding->flags |= MMT_FINDING_BLOCK;
    finding->block_start = block->start;
    finding->block_size = block->size;
    finding->block_alignment = 1u << block->align_log2;
    finding->alloc_function = block->alloc_function;
    finding->alloc_thread = block->alloc_thread;
    finding->alloc_stack = block->alloc_stack;
    if (block_state_of(block) == BLOCK_FREED) {
        finding->flags |= MMT_FINDING_FREED;
        finding->free_function = block->free_function;
        finding->free_thread = block->free_thread;
        finding->free_stack = block->free_stack;
    }
}

static bool diagnose_contains(const struct block *block, uintptr_t address)
{
    return address >= block->start && address - block->start < block->size;
}

/* How implausible it is that an access was meant for a block `distance` bytes away. A freed
 * neighbour is taken only where the live one is much farther, since most overflows are short and
 * most programs use what is alive. */
static uintptr_t implausibility(const struct block *block, uintptr_t distance)
{
    return block_state_of(block) == BLOCK_FREED ? distance + 16 * PAGE_SIZE : distance;
}

/* The neighbour an address outside all blocks belongs to; NULL if there is none. */
static const struct block *nearest(uintptr_t address, const struct heap_view *view)
{
    if (!view->has_before || !view->has_after)
        return view->has_before ? &view->before : view->has_after ? &view->after : NULL;
    uintptr_t past = address - (view->before.start + view->before.size);
    uintptr_t ahead = view->after.start - address;
    return implausibility(&view->before, past) <= implausibility(&view->after, ahead)
               ? &view->before
               : &view->after;
}

bool diagnose_access(uintptr_t address, enum mmt_direction direction, const struct heap_view *view,
                     struct mmt_finding *finding, struct block **record)
{
    if (!view->owned || (view->has_before && diagnose_contains(&view->before, address) &&
                         block_state_of(&view->before) == BLOCK_LIVE))
        return false;
    bool write = direction == MMT_DIRECTION_WRITE;
    const struct block *block = nearest(address, view);
    if (view->has_before && diagnose_contains(&view->before, address))
        block = &view->before;
    finding->address = address;
    finding->direction = direction;
    finding->kind = MMT_ERROR_WILD_ACCESS;
    *record = NULL;
    if (view->forgotten) {
        finding->kind = write ? MMT_ERROR_USE_AFTER_FREE_WRITE : MMT_ERROR_USE_AFTER_FREE_READ;
        return true;
    }
    if (!block)
        return true;
    *record = block == &view->before ? view->before_record : view->after_record;
    set_block(finding, block);
    if (block_state_of(block) == BLOCK_FREED)
        finding->kind = write ? MMT_ERROR_USE_AFTER_FREE_WRITE : MMT_ERROR_USE_AFTER_FREE_READ;
    else if (address >= block->start)
        finding->kind = write ? MMT_ERROR_HEAP_OVERFLOW_WRITE : MMT_ERROR_HEAP_OVERFLOW_READ;
    else
        finding->kind = write ? MMT_ERROR_HEAP_UNDERFLOW_WRITE : MMT_ERROR_HEAP_UNDERFLOW_READ;
    return true;
}

/* A range that begins outside a block and reaches into the one behind it was meant for that one,
 * unless it begins right behind another. */
static bool runs_into_next(uintptr_t address, size_t size, const struct heap_view *view)
{
    enum { RIGHT_BEHIND = 64 };
    if (!view->has_after || address >= view->after.start || size <= view->after.start - address)
        return false;
    return !view->has_before || address - (view->before.start + view->before.size) >= RIGHT_BEHIND;
}

bool diagnose_range(uintptr_t address, size_t size, enum mmt_direction direction,
                    const struct heap_view *view, struct mmt_finding *finding,
                    struct block **record)
{
    const struct block *before = &view->before, *after = &view->after;
    bool write = direction == MMT_DIRECTION_WRITE,
         inside = view->has_before && diagnose_contains(before, address);
    if (inside && block_state_of(before) == BLOCK_LIVE) {
        if (size <= before->start + before->size - address)
            return false;
        finding->address = address;
        finding->direction = direction;
        finding->kind = write ? MMT_ERROR_HEAP_OVERFLOW_WRITE : MMT_ERROR_HEAP_OVERFLOW_READ;
        *record = view->before_record;
        set_block(finding, before);
    } else if (!inside && runs_into_next(address, size, view)) {
        struct heap_view next = {
            .owned = true, .has_after = true, .after = *after, .after_record = view->after_record};
        diagnose_access(address, direction, &next, finding, record);
    } else if (!diagnose_access(address, direction, view, finding, record)) {
        return false;
    }
    finding->size = size;
    return true;
}

void diagnose_overlap(uintptr_t address, size_t size, const struct heap_view *view,
                      struct mmt_finding *finding)
{
    finding->kind = MMT_ERROR_OVERLAPPING_COPY;
    finding->address = address;
    finding->size = size;
    finding->direction = MMT_DIRECTION_WRITE;
    if (view->has_before)
        set_block(finding, &view->before);
}

/* Addresses of user space have 47 bits, those of the kernel have ones above; nothing lies between.
 */
static bool is_no_address(uint64_t value)
{
    uint64_t top = value >> 47;
    return top && top != UINT64_MAX >> 47;
}

void diagnose_crash(uintptr_t address, bool address_known, struct mmt_finding *finding)
{
    enum { NEAR_NULL = 65536 }; /* nothing is mapped below (vm.mmap_min_addr) */
    uint64_t stack = finding->registers[MMT_RSP];
    for (int i = 0; i <= MMT_R15 && !address_known && !address; i++)
        if (is_no_address(finding->registers[i]))
            address = finding->registers[i];
    finding->address = address;
    if (address_known && address < NEAR_NULL)
        finding->kind = MMT_ERROR_NULL_DEREFERENCE;
    else if (address_known && address - (stack - 16 * PAGE_SIZE) < 17 * PAGE_SIZE &&
             address < align_up(stack + 1, PAGE_SIZE))
        finding->kind = MMT_ERROR_STACK_OVERFLOW;
    else
        finding->kind = MMT_ERROR_WILD_POINTER;
}

/* Inside a block, or so close that the pointer was most likely moved out of it. */
static bool beside(const struct block *block, uintptr_t address)
{
    enum { CLOSE = 1024 };
    return address - (block->start - CLOSE) <= block->size + 2 * (uintptr_t)CLOSE;
}

static enum mmt_error release_kind(const struct heap_release *release,
                                   const struct heap_outcome *outcome)
{
    const struct block *block = &outcome->as_was;
    switch (outcome->verdict) {
    case HEAP_NOT_OURS:
    case HEAP_NO_BLOCK:
        return MMT_ERROR_INVALID_FREE;
    case HEAP_NOT_START:
        return beside(block, release->address) ? MMT_ERROR_INVALID_FREE_INTERIOR
                                               : MMT_ERROR_INVALID_FREE;
    case HEAP_FORGOTTEN:
    case HEAP_WAS_FREED:
        return release->function == MMT_FUNCTION_REALLOC ||
                       release->function == MMT_FUNCTION_REALLOCARRAY
                   ? MMT_ERROR_REALLOC_AFTER_FREE
                   : MMT_ERROR_DOUBLE_FREE;
    case HEAP_FREED:
        break;
    }
    if (family_of(release->function) != family_of(block->alloc_function))
        return MMT_ERROR_ALLOC_DEALLOC_MISMATCH;
    if (release->has_size && release->size != block->size)
        return MMT_ERROR_SIZED_DELETE_MISMATCH;
    if (is_aligned_form(release->function) != is_aligned_form(block->alloc_function))
        return MMT_ERROR_ALIGNED_DELETE_MISMATCH;
    if (release->has_alignment && release->alignment != (uintptr_t)1 << block->align_log2)
        return MMT_ERROR_ALIGNED_DELETE_MISMATCH;
    return MMT_ERROR_NONE;
}

bool diagnose_release(const struct heap_release *release, const struct heap_outcome *outcome,
                      struct mmt_finding *finding)
{
    enum mmt_error kind = release_kind(release, outcome);
    if (kind == MMT_ERROR_NONE)
        return false;
    finding->kind = kind;
    finding->address = release->address;
    finding->function = release->function;
    if (kind == MMT_ERROR_SIZED_DELETE_MISMATCH)
        finding->size = release->size;
    if (kind == MMT_ERROR_ALIGNED_DELETE_MISMATCH)
        finding->size = release->alignment;
    if (outcome->has_block)
        set_block(finding, &outcome->as_was);
    return true;
}

void diagnose_cookie(const struct heap_release *release, const struct block *block,
                     struct mmt_finding *finding)
{
    finding->kind = MMT_ERROR_ALLOC_DEALLOC_MISMATCH;
    finding->address = release->address;
    finding->function = release->function;
    set_block(finding, block);
}

static void set_damage(struct mmt_finding *finding, const struct diagnose_damage *damage,
                       const struct block *block)
{
    finding->address = damage->address;
    finding->damage_expected = damage->expected;
    finding->damage_found = damage->found;
    finding->damage_length = damage->length;
    finding->direction = MMT_DIRECTION_WRITE;
    finding->flags |= MMT_FINDING_LATE;
    set_block(finding, block);
}

void diagnose_slack(const struct diagnose_damage *damage, const struct block *block,
                    struct mmt_finding *finding)
{
    set_damage(finding, damage, block);
    finding->kind = MMT_ERROR_SLACK_DAMAGE;
    finding->flags &= ~(uint32_t)MMT_FINDING_FREED;
    finding->free_function = 0;
    finding->free_thread = finding->free_stack = 0;
}

void diagnose_late(const struct diagnose_damage *damage, const struct block *block,
                   struct mmt_finding *finding)
{
    if (block_state_of(block) == BLOCK_LIVE) {
        diagnose_slack(damage, block, finding);
        return;
    }
    set_damage(finding, damage, block);
    finding->kind = MMT_ERROR_USE_AFTER_FREE_WRITE;
}

bool diagnose_origin(const struct block *block, uintptr_t start, struct mmt_finding *finding)
{
    if (block->start != start || block_state_of(block) != BLOCK_FREED)
        return false;
    set_block(finding, block);
    return true;
}
