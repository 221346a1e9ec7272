/* SPDX-License-Identifier: MIT */
#include "query/callpath.h"

#include "util/shortname.h"

#include <string.h>

/* Frames at the outer end among which __libc_start_main is looked for. */
#define CALLPATH_START_LONGEST 8

static bool callpath_starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static bool callpath_begins_with_one_of(const char *text, const char *const *starts)
{
    for (; *starts != NULL; starts++)
        if (callpath_starts_with(text, *starts))
            return true;
    return false;
}

/* Whether the short name may begin with `space`: the long one does, or has it behind a type, not in
 * a list. */
static bool callpath_may_begin(const char *function, const char *space)
{
    const char *at = strstr(function, space);
    for (; at != NULL; at = strstr(at + 1, space))
        if (at == function || (at[-1] == ' ' && (at - function < 2 || at[-2] != ',')))
            return true;
    return false;
}

/* Says whether a function is one of those the C++ library puts between what a program calls and
 * operator new: allocators, and whatever has a name that is reserved to the library:
 * std::_Vector_base<...>::_M_allocate. */
static bool callpath_is_internal(const char *function)
{
    static const char *const spaces[] = {"std::", "__gnu_cxx::", NULL};
    static const char *const public[] = {"std::__cxx11::", "std::__1::", "std::__debug::", NULL};
    static const char *const allocators[] = {"std::allocator_traits<", "std::allocator<",
                                             "__gnu_cxx::", NULL};
    if (!callpath_may_begin(function, spaces[0]) && !callpath_may_begin(function, spaces[1]))
        return false;
    struct textbuf buffer = {0};
    shortname_put(&buffer, function, 0);
    const char *name = textbuf_text(&buffer), *last = strrchr(name, ':');
    const char *first = strchr(name, ':');
    for (size_t i = 0; public[i] != NULL; i++)
        first = callpath_starts_with(name, public[i]) ? name + strlen(public[i]) - 2 : first;
    bool internal =
        callpath_begins_with_one_of(name, spaces) &&
        (first[2] == '_' || last[1] == '_' || callpath_begins_with_one_of(name, allocators));
    textbuf_free(&buffer);
    return internal;
}

static bool callpath_trait_equal(const void *context, uint32_t id, const void *key)
{
    return ((const struct function_traits *)context)->items.items[id - 1].function == key;
}

/* callpath_is_internal(), worked out once for each function. */
static bool callpath_internal(struct function_traits *traits, const char *function)
{
    uint64_t hash = idmap_mix(14, (uintptr_t)function);
    uint32_t id = idmap_find(&traits->index, hash, callpath_trait_equal, traits, function);
    if (id == 0) {
        *VEC_PUSH(&traits->items) =
            (struct function_trait){function, callpath_is_internal(function)};
        id = (uint32_t)traits->items.count;
        idmap_add(&traits->index, hash, id);
    }
    return traits->items.items[id - 1].internal;
}

static bool callpath_is_allocator(struct function_traits *traits, const char *function,
                                  const char *module)
{
    if (callpath_starts_with(function, "operator new"))
        return callpath_starts_with(module, "libstdc++") || callpath_starts_with(module, "libc++");
    return callpath_internal(traits, function);
}

/* Says whether a function is one of the well-known ones that call malloc and give up, or count, if
 * that fails: whoever calls them allocates. Those that also copy something in are not among them,
 * as an error may be theirs. */
static bool callpath_is_wrapper(const char *function)
{
    static const char *const starts[] = {"PyMem_",       "_PyMem_",       "g_malloc", "g_realloc",
                                         "g_try_malloc", "g_try_realloc", NULL};
    static const char *const names[] = {
        "xmalloc",
        "xcalloc",
        "xrealloc",
        "xzalloc",
        "xmallocz",
        "xmallocarray",
        "xreallocarray",
        "xnmalloc",
        "xnrealloc",
        "xcharalloc",
        "x2realloc",
        "x2nrealloc",
        "do_xmalloc",
        "do_xmallocz",
        "ximalloc",
        "xizalloc",
        "xicalloc",
        "xirealloc",
        "sh_xmalloc",
        "sh_xrealloc",
        "g_slice_alloc",
        "g_slice_alloc0",
        "PyObject_Malloc",
        "PyObject_Calloc",
        "PyObject_Realloc",
        "_PyObject_Malloc",
        "_PyObject_Calloc",
        "_PyObject_Realloc",
        "CRYPTO_malloc",
        "CRYPTO_zalloc",
        "CRYPTO_realloc",
        "Perl_safesysmalloc",
        "Perl_safesyscalloc",
        "Perl_safesysrealloc",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(function, names[i]) == 0)
            return true;
    return callpath_begins_with_one_of(function, starts);
}

static bool callpath_in_libc(const char *module)
{
    static const char *const names[] = {"libc.so", "libc-", "libpthread", "ld-linux", "ld-2", NULL};
    return callpath_begins_with_one_of(module, names);
}

static bool callpath_is_start(const char *function)
{
    static const char *const names[] = {
        "_start",   "start_thread", "clone",         "clone3",         "__clone",
        "__clone3", "__GI___clone", "__GI___clone3", "_dl_start_user", "_dl_start",
        "_dl_init", "call_init",    "_dl_call_init",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(function, names[i]) == 0)
            return true;
    return false;
}

static bool callpath_is_system(const char *path)
{
    static const char *const folders[] = {"/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/", NULL};
    return callpath_begins_with_one_of(path, folders);
}

static unsigned callpath_work_out(const struct profile *profile, const struct callpath_entry *entry)
{
    const struct module *module =
        &profile->modules.items[profile->frames.items[entry->frame].module];
    const char *function = entry->symbol != NULL ? entry->symbol->function : NULL;
    const char *name = profile_basename(module->path);
    bool libc = callpath_in_libc(name);
    /* A template of a system's header becomes a part of the program, and is the system's still. */
    bool header = entry->symbol != NULL && entry->symbol->file != NULL &&
                  callpath_starts_with(entry->symbol->file, "/usr/include/");
    unsigned traits = header || callpath_is_system(module->path) ? CALLPATH_SYSTEM : 0;
    if ((module->flags & MMT_MODULE_GUARD) != 0)
        return CALLPATH_SYSTEM | CALLPATH_ALLOCATOR | CALLPATH_START | CALLPATH_GUARD;
    if (function == NULL) {
        /* Without debug information most start functions of libc have no names: they are not
         * exported. */
        return traits | (libc ? CALLPATH_START | CALLPATH_START_CALL : 0);
    }
    if (callpath_is_allocator(profile->traits, function, name))
        traits |= CALLPATH_ALLOCATOR | CALLPATH_SYSTEM;
    if (callpath_is_wrapper(function))
        traits |= CALLPATH_ALLOCATOR;
    if (callpath_is_start(function))
        traits |= CALLPATH_START | (libc ? CALLPATH_START_CALL : 0);
    if (callpath_starts_with(function, "__libc_start_main"))
        traits |= CALLPATH_START | CALLPATH_START_MAIN;
    else if (libc && callpath_starts_with(function, "__libc_start_call_main"))
        traits |= CALLPATH_START | CALLPATH_START_CALL;
    return traits;
}

/* A symbol belongs to one frame, so its traits never change, and a frame's as long as it has no
 * symbol: they are kept there, which a profile that is otherwise only read allows for. */
unsigned callpath_traits(const struct profile *profile, const struct callpath_entry *entry)
{
    if (entry->frame == 0)
        return CALLPATH_CUT;
    const uint8_t *kept = entry->symbol != NULL ? &entry->symbol->traits
                                                : &profile->frames.items[entry->frame].traits;
    if (*kept == 0)
        *(uint8_t *)kept = (uint8_t)(CALLPATH_KNOWN | callpath_work_out(profile, entry));
    return *kept;
}

/* Where the frames of process and thread start begin. Outside of __libc_start_main there is only
 * _start, which has no name in a stripped program. */
static size_t callpath_start(const unsigned char *traits, size_t end)
{
    for (size_t i = end; i-- > 0 && end - i <= CALLPATH_START_LONGEST;) {
        if ((traits[i] & CALLPATH_START_MAIN) != 0) {
            while (i > 0 && (traits[i - 1] & CALLPATH_START_CALL) != 0)
                i--;
            return i;
        }
    }
    while (end > 0 && (traits[end - 1] & CALLPATH_START) != 0)
        end--;
    return end;
}

void callpath_bounds(const unsigned char *traits, size_t count, size_t *first, size_t *end)
{
    *first = 0;
    while (*first < count && (traits[*first] & CALLPATH_ALLOCATOR) != 0)
        ++*first;
    *end = callpath_start(traits, count);
    if (*end <= *first)
        *end = count;
    if (*end == *first)
        *first = 0;
}

bool callpath_has_others(const unsigned char *traits, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        if ((traits[i] & CALLPATH_GUARD) == 0)
            return true;
    return false;
}

static void callpath_hide(struct callpath *path, const struct profile *profile)
{
    struct callpath_entry *entries = path->entries.items;
    size_t count = path->entries.count, first, end;
    unsigned char *traits = xalloc(count);
    for (size_t i = 0; i < count; i++)
        traits[i] = (unsigned char)callpath_traits(profile, &entries[i]);
    callpath_bounds(traits, count, &first, &end);
    bool others = callpath_has_others(traits, first, end);
    path->entries.count = 0;
    for (size_t i = first; i < end; i++)
        if (!others || (traits[i] & CALLPATH_GUARD) == 0)
            entries[path->entries.count++] = entries[i];
    free(traits);
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
        if (frame->symbols == 0)
            *VEC_PUSH(&path->entries) = (struct callpath_entry){NULL, at->frame};
        cut = at->truncated || path->entries.count > CALLPATH_LONGEST;
    }
    if (cut)
        *VEC_PUSH(&path->entries) = (struct callpath_entry){NULL, 0};
    if (!all_frames && path->entries.count != 0)
        callpath_hide(path, profile);
}

void callpath_free(struct callpath *path)
{
    VEC_FREE(&path->entries);
}
