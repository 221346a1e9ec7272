/* SPDX-License-Identifier: MIT */
#include "query/paths.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void paths_init(struct paths *paths, const struct profile *profile, enum paths_group group,
                bool all_frames, bool all_calls, const struct pathfilter *filter)
{
    memset(paths, 0, sizeof *paths);
    paths->profile = profile;
    paths->group = group;
    paths->all_frames = all_frames;
    paths->all_calls = all_calls;
    paths->filter = filter != NULL && pathfilter_used(filter) ? filter : NULL;
    paths->frames = xalloc_zeroed(profile->frames.count, sizeof *paths->frames);
    *VEC_PUSH(&paths->labels) = (struct paths_label){.cut = true};
    *VEC_PUSH(&paths->entries) = (struct paths_entry){.traits = CALLPATH_CUT};
}

void paths_free(struct paths *paths)
{
    for (size_t i = 0; i < paths->labels.count; i++)
        free((char *)paths->labels.items[i].name);
    free(paths->frames);
    VEC_FREE(&paths->entries);
    VEC_FREE(&paths->labels);
    idmap_free(&paths->index);
    VEC_FREE(&paths->path);
    VEC_FREE(&paths->traits);
    VEC_FREE(&paths->last);
}

static bool paths_label_equal(const void *context, uint32_t id, const void *key)
{
    const struct paths_label *a = &((const struct paths *)context)->labels.items[id];
    const struct paths_label *b = key;
    if (a->name != NULL || b->name != NULL)
        return a->name != NULL && b->name != NULL && strcmp(a->name, b->name) == 0;
    return a->function == b->function && a->file == b->file && a->line == b->line &&
           a->path == b->path && a->address == b->address &&
           (a->address == 0 || a->module == b->module);
}

static uint32_t paths_label(struct paths *paths, const struct paths_label *label)
{
    uint64_t hash = label->name != NULL
                        ? idmap_mix_bytes(6, label->name, strlen(label->name))
                        : idmap_mix(idmap_mix(7, (uintptr_t)label->function), label->address);
    hash = idmap_mix(idmap_mix(hash, (uintptr_t)label->file), (uintptr_t)label->path);
    hash = idmap_mix(hash, label->line);
    uint32_t id = idmap_find(&paths->index, hash, paths_label_equal, paths, label);
    if (id == 0) {
        id = (uint32_t)paths->labels.count;
        *VEC_PUSH(&paths->labels) = *label;
        *VEC_PUSH(&paths->last) = 0;
        idmap_add(&paths->index, hash, id);
    }
    return id;
}

static uint32_t paths_label_of(struct paths *paths, const struct callpath_entry *entry)
{
    const struct frame *frame = &paths->profile->frames.items[entry->frame];
    const struct symbol *symbol = entry->symbol;
    struct paths_label label = {.module = frame->module,
                                .path = paths->profile->modules.items[frame->module].path};
    const char *file = symbol != NULL ? symbol->file : NULL;
    switch (paths->group) {
    case PATHS_MODULE:
        break;
    case PATHS_FILE:
        label.file = file;
        label.path = file != NULL ? NULL : label.path;
        break;
    case PATHS_LINE:
        label.file = file;
        label.line = symbol != NULL ? symbol->line : 0;
        /* fall through */
    default:
        label.function = symbol != NULL ? symbol->function : NULL;
        label.address = label.function == NULL && label.line == 0 ? frame->address : 0;
        break;
    }
    return paths_label(paths, &label);
}

uint32_t paths_owner(struct paths *paths, uint32_t thread, uint32_t process)
{
    const struct profile *profile = paths->profile;
    struct paths_label label = {0};
    char *name;
    if (paths->group == PATHS_PROCESS) {
        const struct process *one = &profile->processes.items[process];
        name = xalloc_format("%s (pid %" PRIu32 ")", profile_basename(one->executable), one->pid);
    } else if (thread == 0) {
        name = xalloc_format("unknown thread");
    } else {
        const struct thread *one = &profile->threads.items[thread];
        name = xalloc_format("thread %" PRIu32 " \"%s\"", one->id, one->name);
    }
    label.name = name;
    size_t before = paths->labels.count;
    uint32_t id = paths_label(paths, &label);
    if (paths->labels.count == before)
        free(name);
    return id;
}

static void paths_entries(struct paths *paths, uint32_t id)
{
    const struct profile *profile = paths->profile;
    const struct frame *frame = &profile->frames.items[id];
    uint32_t count = frame->symbols != 0 ? frame->symbols : 1;
    paths->frames[id] = (uint32_t)paths->entries.count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t symbol = frame->symbols != 0 ? frame->first_symbol + i + 1 : 0;
        struct callpath_entry call = {
            .symbol = symbol != 0 ? &profile->symbols.items[symbol - 1] : NULL, .frame = id};
        struct paths_entry entry = {
            .frame = id,
            .symbol = symbol,
            .label = paths_label_of(paths, &call),
            .traits = (unsigned char)callpath_traits(profile, &call),
        };
        if (paths->filter != NULL)
            entry.matches = (unsigned char)pathfilter_match(paths->filter, profile, &call);
        *VEC_PUSH(&paths->entries) = entry;
    }
}

/* Appends the entries of the stack to the path, innermost first. */
static void paths_walk(struct paths *paths, uint32_t stack)
{
    const struct profile *profile = paths->profile;
    bool cut = false;
    for (; stack != 0 && !cut; stack = profile->stacks.items[stack].parent) {
        const struct stack *at = &profile->stacks.items[stack];
        if (paths->frames[at->frame] == 0)
            paths_entries(paths, at->frame);
        uint32_t symbols = profile->frames.items[at->frame].symbols;
        uint32_t first = paths->frames[at->frame];
        for (uint32_t i = 0; i < symbols || i == 0; i++) {
            *VEC_PUSH(&paths->path) = first + i;
            *VEC_PUSH(&paths->traits) = paths->entries.items[first + i].traits;
        }
        cut = at->truncated || paths->path.count > CALLPATH_LONGEST;
    }
    if (cut) {
        *VEC_PUSH(&paths->path) = 0;
        *VEC_PUSH(&paths->traits) = CALLPATH_CUT;
    }
}

/* Applies the expressions to path[first, *end). Returns false if they leave the stack out. */
static bool paths_filter(struct paths *paths, size_t first, size_t *end)
{
    const struct pathfilter *filter = paths->filter;
    uint32_t *path = paths->path.items;
    unsigned all = 0;
    size_t kept = first, outermost = 0;
    for (size_t i = first; i < *end; i++) {
        unsigned matches = paths->entries.items[path[i]].matches;
        all |= matches;
        if ((matches >> PATHFILTER_HIDE & 1) == 0)
            path[kept++] = path[i];
        outermost = (matches >> PATHFILTER_SHOW_FROM & 1) != 0 ? kept : outermost;
    }
    *end = filter->texts[PATHFILTER_SHOW_FROM] != NULL ? outermost : kept;
    return (filter->texts[PATHFILTER_FOCUS] == NULL || (all >> PATHFILTER_FOCUS & 1) != 0) &&
           (filter->texts[PATHFILTER_SHOW_FROM] == NULL ||
            (all >> PATHFILTER_SHOW_FROM & 1) != 0) &&
           (all >> PATHFILTER_IGNORE & 1) == 0;
}

/* Turns path[first, end) around and folds what stands for one label. */
static void paths_fold(struct paths *paths, size_t first, size_t end)
{
    uint32_t *path = paths->path.items;
    const struct paths_entry *entries = paths->entries.items;
    size_t count = end - first, kept = 0;
    bool neighbours = paths->group == PATHS_FILE || paths->group == PATHS_MODULE;
    for (size_t i = 0; i < count / 2; i++) {
        uint32_t other = path[end - 1 - i];
        path[end - 1 - i] = path[first + i];
        path[first + i] = other;
    }
    for (size_t i = first; i < end; i++) {
        uint32_t label = entries[path[i]].label;
        if (label == 0 || paths->all_calls) {
            if (!neighbours || kept == 0 || entries[path[kept - 1]].label != label)
                path[kept++] = path[i];
            continue;
        }
        uint32_t *last = &paths->last.items[label - 1];
        if (*last != 0 && *last <= kept && entries[path[*last - 1]].label == label) {
            /* The line of the innermost call is the one that leads on. */
            kept = *last;
            path[kept - 1] = path[i];
        } else {
            path[kept++] = path[i];
            *last = (uint32_t)kept;
        }
    }
    paths->path.count = kept;
}

/* Takes libguard's own frames out of [first, *end). */
static void paths_hide(struct paths *paths, size_t first, size_t *end)
{
    const unsigned char *traits = paths->traits.items;
    size_t kept = first;
    if (!callpath_has_others(traits, first, *end))
        return;
    for (size_t i = first; i < *end; i++)
        if ((traits[i] & CALLPATH_GUARD) == 0)
            paths->path.items[kept++] = paths->path.items[i];
    *end = kept;
}

bool paths_make(struct paths *paths, uint32_t stack)
{
    paths->path.count = paths->traits.count = 0;
    paths_walk(paths, stack);
    size_t first = 0, end = paths->path.count;
    if (!paths->all_frames && end != 0) {
        callpath_bounds(paths->traits.items, end, &first, &end);
        paths_hide(paths, first, &end);
    }
    if (paths->filter != NULL && !paths_filter(paths, first, &end))
        return false;
    paths_fold(paths, first, end > first ? end : first);
    return true;
}

static int paths_text_order(const char *left, const char *right)
{
    return left == right ? 0 : strcmp(left != NULL ? left : "", right != NULL ? right : "");
}

int paths_compare(const struct paths *paths, uint32_t left, uint32_t right)
{
    const struct paths_label *a = &paths->labels.items[left], *b = &paths->labels.items[right];
    int order = paths_text_order(a->name, b->name);
    order = order != 0 ? order : paths_text_order(a->function, b->function);
    order = order != 0 ? order : paths_text_order(a->file, b->file);
    if (order == 0 && a->line != b->line)
        order = a->line < b->line ? -1 : 1;
    order = order != 0 ? order : paths_text_order(a->path, b->path);
    if (order == 0 && a->address != b->address)
        order = a->address < b->address ? -1 : 1;
    if (order == 0 && a->module != b->module) {
        const struct module *modules = paths->profile->modules.items;
        order = memcmp(modules[a->module].build_id, modules[b->module].build_id,
                       sizeof modules->build_id);
    }
    return order;
}

struct callpath_entry paths_call(const struct paths *paths, uint32_t entry)
{
    const struct paths_entry *one = &paths->entries.items[entry];
    return (struct callpath_entry){
        one->symbol != 0 ? &paths->profile->symbols.items[one->symbol - 1] : NULL, one->frame};
}
