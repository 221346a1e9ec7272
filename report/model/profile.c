/* SPDX-License-Identifier: MIT */
#include "model/profile.h"

#include <string.h>

void profile_init(struct profile *profile)
{
    memset(profile, 0, sizeof *profile);
    profile->traits = xalloc_zeroed(1, sizeof *profile->traits);
    const char *none = strpool_put(&profile->strings, "", 0);
    *VEC_PUSH(&profile->modules) = (struct module){.path = none};
    *VEC_PUSH(&profile->frames) = (struct frame){0};
    *VEC_PUSH(&profile->stacks) = (struct stack){0};
    *VEC_PUSH(&profile->threads) = (struct thread){.name = none};
}

void profile_free(struct profile *profile)
{
    VEC_FREE(&profile->processes);
    VEC_FREE(&profile->modules);
    VEC_FREE(&profile->frames);
    VEC_FREE(&profile->stacks);
    VEC_FREE(&profile->threads);
    VEC_FREE(&profile->symbols);
    VEC_FREE(&profile->findings);
    VEC_FREE(&profile->leaks);
    VEC_FREE(&profile->sites);
    VEC_FREE(&profile->notes);
    VEC_FREE(&profile->builtin);
    idmap_free(&profile->module_index);
    idmap_free(&profile->frame_index);
    idmap_free(&profile->stack_index);
    idmap_free(&profile->traits->index);
    VEC_FREE(&profile->traits->items);
    free(profile->traits);
    strpool_free(&profile->strings);
}

static bool profile_module_equal(const void *context, uint32_t id, const void *key)
{
    const struct module *a = &((const struct profile *)context)->modules.items[id];
    const struct module *b = key;
    return a->path == b->path && a->build_id_size == b->build_id_size &&
           memcmp(a->build_id, b->build_id, a->build_id_size) == 0 &&
           (a->build_id_size != 0 || (a->size == b->size && a->mtime == b->mtime));
}

uint32_t profile_module(struct profile *profile, const struct module *module)
{
    const uint32_t kept = ~(uint32_t)MMT_MODULE_UNLOADED;
    uint64_t hash = idmap_mix((uintptr_t)module->path, module->build_id_size);
    hash = idmap_mix_bytes(hash, module->build_id, module->build_id_size);
    uint32_t id = idmap_find(&profile->module_index, hash, profile_module_equal, profile, module);
    if (id == 0) {
        *VEC_PUSH(&profile->modules) = *module;
        id = (uint32_t)profile->modules.count - 1;
        profile->modules.items[id].flags = 0;
        idmap_add(&profile->module_index, hash, id);
    }
    profile->modules.items[id].flags |= module->flags & kept;
    return id;
}

static bool profile_frame_equal(const void *context, uint32_t id, const void *key)
{
    const struct frame *a = &((const struct profile *)context)->frames.items[id];
    const struct frame *b = key;
    return a->address == b->address && a->module == b->module && a->exact == b->exact;
}

uint32_t profile_frame(struct profile *profile, uint32_t module, uint64_t address, bool exact)
{
    struct frame key = {.address = address, .module = module, .exact = exact};
    uint64_t hash = idmap_mix(idmap_mix(2, address), (uint64_t)module << 1 | exact);
    uint32_t id = idmap_find(&profile->frame_index, hash, profile_frame_equal, profile, &key);
    if (id == 0) {
        *VEC_PUSH(&profile->frames) = key;
        id = (uint32_t)profile->frames.count - 1;
        idmap_add(&profile->frame_index, hash, id);
    }
    return id;
}

static bool profile_stack_equal(const void *context, uint32_t id, const void *key)
{
    const struct stack *a = &((const struct profile *)context)->stacks.items[id];
    const struct stack *b = key;
    return a->frame == b->frame && a->parent == b->parent && a->truncated == b->truncated;
}

static uint32_t profile_new_stack(struct profile *profile, const struct stack *stack)
{
    *VEC_PUSH(&profile->stacks) = *stack;
    return (uint32_t)profile->stacks.count - 1;
}

/* Most stacks are the only ones their caller has, and never see the index. */
uint32_t profile_stack(struct profile *profile, uint32_t parent, uint32_t frame, bool truncated)
{
    struct stack key = {.frame = frame, .parent = parent, .truncated = truncated};
    uint32_t id = profile->stacks.items[parent].callee;
    if (id == 0) {
        id = profile_new_stack(profile, &key);
        profile->stacks.items[parent].callee = id;
        return id;
    }
    if (profile_stack_equal(profile, id, &key))
        return id;
    uint64_t hash = idmap_mix(idmap_mix(3, (uint64_t)parent << 32 | frame), truncated);
    id = idmap_find(&profile->stack_index, hash, profile_stack_equal, profile, &key);
    if (id == 0) {
        id = profile_new_stack(profile, &key);
        idmap_add(&profile->stack_index, hash, id);
    }
    return id;
}

void profile_reserve_stacks(struct profile *profile, size_t count)
{
    /* Traces of one program have most stacks in common: only the first one's count is a good guess.
     */
    if (profile->stacks.count == 1 && count > profile->stacks.capacity) {
        profile->stacks.capacity = count + 1;
        profile->stacks.items =
            xalloc_resize(profile->stacks.items, count + 1, sizeof *profile->stacks.items);
    }
}

void profile_keep_processes(struct profile *profile, const bool *kept)
{
    uint32_t count = 0;
    uint32_t *places = xalloc_zeroed(profile->processes.count + 1, sizeof *places);
    for (size_t i = 0; i < profile->processes.count; i++) {
        places[i] = kept[i] ? count : UINT32_MAX;
        if (kept[i])
            profile->processes.items[count++] = profile->processes.items[i];
    }
#define KEEP(list)                                                                                 \
    do {                                                                                           \
        size_t left = 0;                                                                           \
        for (size_t i = 0; i < profile->list.count; i++) {                                         \
            uint32_t place = places[profile->list.items[i].process];                               \
            if (place != UINT32_MAX) {                                                             \
                profile->list.items[left] = profile->list.items[i];                                \
                profile->list.items[left++].process = place;                                       \
            }                                                                                      \
        }                                                                                          \
        profile->list.count = left;                                                                \
    } while (0)
    KEEP(findings);
    KEEP(leaks);
    KEEP(sites);
    KEEP(notes);
#undef KEEP
    for (size_t i = 1; i < profile->threads.count; i++) {
        struct thread *thread = &profile->threads.items[i];
        thread->process = places[thread->process] != UINT32_MAX ? places[thread->process] : 0;
    }
    profile->processes.count = count;
    free(places);
}

size_t profile_first_note(const struct profile *profile, uint32_t process)
{
    size_t low = 0, high = profile->notes.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (profile->notes.items[middle].process < process)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint64_t profile_add(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

const char *profile_basename(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}
