/* SPDX-License-Identifier: MIT */
#include "query/callpath.h"

#include <string.h>

/* Frames at the outer end among which __libc_start_main is looked for. */
#define CALLPATH_START_LONGEST 8

static bool callpath_starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static const struct module *callpath_module(const struct profile *profile,
                                            const struct callpath_entry *entry)
{
    return &profile->modules.items[profile->frames.items[entry->frame].module];
}

static bool callpath_is_allocator(const struct profile *profile, const struct callpath_entry *entry)
{
    /* What the C++ library puts between a container and operator new. */
    static const char *const templates[] = {"std::__new_allocator<", "__gnu_cxx::new_allocator<",
                                            "std::allocator_traits<", "std::allocator<"};
    const struct module *module = callpath_module(profile, entry);
    if ((module->flags & MMT_MODULE_GUARD) != 0) {
        return true;
    }
    if (entry->symbol == NULL || entry->symbol->function == NULL) {
        return false;
    }
    const char *function = entry->symbol->function, *name = profile_basename(module->path);
    if (callpath_starts_with(function, "operator new")) {
        return callpath_starts_with(name, "libstdc++") || callpath_starts_with(name, "libc++");
    }
    for (size_t i = 0; i < sizeof templates / sizeof *templates; i++) {
        if (callpath_starts_with(function, templates[i])) {
            return true;
        }
    }
    return false;
}

static bool callpath_in_libc(const struct profile *profile, const struct callpath_entry *entry)
{
    static const char *const names[] = {"libc.so", "libc-", "libpthread", "ld-linux", "ld-2"};
    const char *name = profile_basename(callpath_module(profile, entry)->path);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (callpath_starts_with(name, names[i])) {
            return true;
        }
    }
    return false;
}

static bool callpath_named(const struct callpath_entry *entry)
{
    return entry->symbol != NULL && entry->symbol->function != NULL;
}

/* What starts processes and threads. Without debug information most of these functions of the C library have no names, as they
 * are not exported. */
static bool callpath_is_start(const struct profile *profile, const struct callpath_entry *entry)
{
    static const char *const names[] = {
        "_start",   "start_thread", "clone",         "clone3",         "__clone",
        "__clone3", "__GI___clone", "__GI___clone3", "_dl_start_user", "_dl_start",
        "_dl_init", "call_init",    "_dl_call_init",
    };
    if ((callpath_module(profile, entry)->flags & MMT_MODULE_GUARD) != 0) {
        return true;
    }
    if (!callpath_named(entry)) {
        return callpath_in_libc(profile, entry);
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(entry->symbol->function, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Between __libc_start_main and main() or a constructor. */
static bool callpath_is_start_call(const struct profile *profile,
                                   const struct callpath_entry *entry)
{
    return callpath_in_libc(profile, entry) &&
           (!callpath_named(entry) || callpath_is_start(profile, entry) ||
            callpath_starts_with(entry->symbol->function, "__libc_start_call_main"));
}

/* Where the frames of process and thread start begin: the count of entries that stay. Outside of __libc_start_main there is only
 * _start, which has no name in a stripped program. */
static size_t callpath_start(const struct callpath *path, const struct profile *profile)
{
    const struct callpath_entry *entries = path->entries.items;
    size_t end = path->entries.count;
    for (size_t i = end; i-- > 0 && end - i <= CALLPATH_START_LONGEST;) {
        if (callpath_named(&entries[i]) &&
            callpath_starts_with(entries[i].symbol->function, "__libc_start_main")) {
            end = i;
            while (end > 0 && callpath_is_start_call(profile, &entries[end - 1])) {
                end--;
            }
            return end;
        }
    }
    while (end > 0 && entries[end - 1].frame != 0 &&
           callpath_is_start(profile, &entries[end - 1])) {
        end--;
    }
    return end;
}

static void callpath_hide(struct callpath *path, const struct profile *profile)
{
    struct callpath_entry *entries = path->entries.items;
    size_t count = path->entries.count, first = 0;
    while (first < count && entries[first].frame != 0 &&
           callpath_is_allocator(profile, &entries[first])) {
        first++;
    }
    size_t end = callpath_start(path, profile);
    if (end <= first) {
        end = count;
    }
    if (end == first) {
        return;
    }
    memmove(entries, entries + first, (end - first) * sizeof *entries);
    path->entries.count = end - first;
}

void callpath_expand(struct callpath *path, const struct profile *profile, uint32_t stack,
                     bool all_frames)
{
    bool cut = false;
    path->entries.count = 0;
    for (; stack != 0 && !cut; stack = profile->stacks.items[stack].parent) {
        const struct stack *at = &profile->stacks.items[stack];
        const struct frame *frame = &profile->frames.items[at->frame];
        for (uint32_t i = 0; i < frame->symbols; i++) {
            *VEC_PUSH(&path->entries) = (struct callpath_entry){
                &profile->symbols.items[frame->first_symbol + i], at->frame};
        }
        if (frame->symbols == 0) {
            *VEC_PUSH(&path->entries) = (struct callpath_entry){NULL, at->frame};
        }
        cut = at->truncated || path->entries.count > CALLPATH_LONGEST;
    }
    if (cut) {
        *VEC_PUSH(&path->entries) = (struct callpath_entry){NULL, 0};
    }
    if (!all_frames && path->entries.count != 0) {
        callpath_hide(path, profile);
    }
}

void callpath_free(struct callpath *path)
{
    VEC_FREE(&path->entries);
}
