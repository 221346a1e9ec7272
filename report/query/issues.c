/* SPDX-License-Identifier: MIT */
#include "query/issues.h"

#include "model/catalog.h"
#include "query/fingerprint.h"
#include "util/shortname.h"

#include <string.h>

const struct callpath_entry *issues_blame(const struct profile *profile,
                                          const struct callpath *path)
{
    const struct callpath_entry *own = NULL;
    for (size_t i = 0; i < path->entries.count; i++) {
        const struct callpath_entry *entry = &path->entries.items[i];
        unsigned traits = callpath_traits(profile, entry);
        if ((traits & (CALLPATH_SYSTEM | CALLPATH_CUT)) != 0)
            continue;
        if (entry->symbol != NULL && entry->symbol->file != NULL)
            return entry;
        own = own != NULL ? own : entry;
    }
    bool some = path->entries.count != 0 && path->entries.items[0].frame != 0;
    return own != NULL ? own : some ? &path->entries.items[0] : NULL;
}

struct issues_brief {
    const char *function, *brief; /* brief: escaped */
};

/* What gathering needs beside its result; the buffers are used again and again. */
struct issues_maker {
    struct issues *issues;
    const struct profile *profile;
    struct idmap index; /* of the issues */
    struct idmap briefs; /* short names of functions by the address of the long one */
    VEC(struct issues_brief) names;
    struct callpath path;
    struct textbuf text;
};

static bool issues_brief_equal(const void *context, uint32_t id, const void *key)
{
    return ((const struct issues_maker *)context)->names.items[id - 1].function == key;
}

static const char *issues_brief(struct issues_maker *maker, const char *function)
{
    uint64_t hash = idmap_mix(13, (uintptr_t)function);
    uint32_t id = idmap_find(&maker->briefs, hash, issues_brief_equal, maker, function);
    if (id == 0) {
        struct textbuf brief = {0}, safe = {0};
        shortname_put(&brief, function, 0);
        textbuf_put_escaped(&safe, textbuf_text(&brief));
        *VEC_PUSH(&maker->names) = (struct issues_brief){
            function, strpool_put(&maker->issues->strings, textbuf_text(&safe), safe.bytes.count)};
        id = (uint32_t)maker->names.count;
        idmap_add(&maker->briefs, hash, id);
        textbuf_free(&brief);
        textbuf_free(&safe);
    }
    return maker->names.items[id - 1].brief;
}

/* The functions that the fingerprint has; see there. */
static void issues_put_path(struct issues_maker *maker, const struct callpath *path)
{
    const struct profile *profile = maker->profile;
    const struct callpath_entry *taken[FINGERPRINT_FRAMES];
    size_t count = fingerprint_frames(profile, path, taken);
    for (size_t i = 0; i < count; i++) {
        const struct symbol *symbol = taken[i]->symbol;
        const struct frame *frame = &profile->frames.items[taken[i]->frame];
        textbuf_put(&maker->text, i == 0 ? "" : " < ");
        if (symbol != NULL && symbol->function != NULL) {
            textbuf_put(&maker->text, issues_brief(maker, symbol->function));
        } else {
            textbuf_put_escaped(&maker->text,
                                profile_basename(profile->modules.items[frame->module].path));
            textbuf_put(&maker->text, "+");
            textbuf_put_hex(&maker->text, frame->address);
        }
    }
    textbuf_put(&maker->text, count == 0 ? "(no stack)" : "");
}

bool issues_system_path(const char *path)
{
    static const char *const folders[] = {"/usr/bin/",   "/usr/sbin/",    "/usr/lib/",
                                          "/usr/lib64/", "/usr/libexec/", "/bin/",
                                          "/sbin/",      "/lib/",         "/lib64/"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (strncmp(path, folders[i], strlen(folders[i])) == 0)
            return true;
    return false;
}

bool issues_own_stack(const struct profile *profile, uint32_t stack)
{
    for (; stack != 0; stack = profile->stacks.items[stack].parent) {
        uint32_t frame = profile->stacks.items[stack].frame;
        const struct module *module = &profile->modules.items[profile->frames.items[frame].module];
        if (module->path[0] == '/' && (module->flags & MMT_MODULE_GUARD) == 0 &&
            !issues_system_path(module->path))
            return true;
    }
    return false;
}

/* Sets what is told of the issue's stack, whose path is given. */
static void issues_locate(struct issues_maker *maker, struct issue *issue,
                          const struct callpath *path)
{
    const struct profile *profile = maker->profile;
    textbuf_clear(&maker->text);
    issues_put_path(maker, path);
    issue->path =
        strpool_put(&maker->issues->strings, textbuf_text(&maker->text), maker->text.bytes.count);
    const struct callpath_entry *blame = issues_blame(profile, path);
    issue->located = issue->stack;
    issue->module = "";
    issue->function = issue->file = NULL;
    issue->line = 0;
    issue->own = issues_own_stack(profile, issue->stack);
    if (blame != NULL) {
        issue->module = profile->modules.items[profile->frames.items[blame->frame].module].path;
        if (blame->symbol != NULL) {
            issue->function = blame->symbol->function;
            issue->file = blame->symbol->file;
            issue->line = blame->symbol->line;
        }
    }
}

static bool issues_equal(const void *context, uint32_t id, const void *key)
{
    return ((const struct issues *)context)->items.items[id - 1].text == key;
}

/* The issue of a stack's fingerprint; a new one has nothing but that and what is told of the stack.
 */
static struct issue *issues_put(struct issues_maker *maker, const char *kind, uint32_t stack)
{
    struct issues *issues = maker->issues;
    callpath_expand(&maker->path, maker->profile, stack, false);
    textbuf_clear(&maker->text);
    fingerprint_put_path(&maker->text, maker->profile, kind, &maker->path);
    const char *interned =
        strpool_put(&issues->strings, textbuf_text(&maker->text), maker->text.bytes.count);
    uint64_t hash = idmap_mix(10, (uintptr_t)interned);
    uint32_t id = idmap_find(&maker->index, hash, issues_equal, issues, interned);
    if (id == 0) {
        struct issue issue = {
            .text = interned, .hash = fingerprint_hash(interned), .kind = kind, .stack = stack};
        issues_locate(maker, &issue, &maker->path);
        *VEC_PUSH(&issues->items) = issue;
        id = (uint32_t)issues->items.count;
        idmap_add(&maker->index, hash, id);
    }
    return &issues->items.items[id - 1];
}

static void issues_process(struct issue *issue, uint32_t process)
{
    size_t count = issue->processes.count;
    if (count == 0 || issue->processes.items[count - 1] != process)
        *VEC_PUSH(&issue->processes) = process;
}

static int issues_order(const void *left, const void *right)
{
    const struct issue *a = left, *b = right;
    if (a->leak != b->leak)
        return a->leak - b->leak;
    if (a->bytes != b->bytes)
        return a->bytes > b->bytes ? -1 : 1;
    return strcmp(a->text, b->text);
}

static void issues_errors(struct issues_maker *maker)
{
    const struct profile *profile = maker->profile;
    for (size_t i = 0; i < profile->findings.count; i++) {
        const struct finding *finding = &profile->findings.items[i];
        const struct mmt_finding *record = &finding->record;
        uint32_t stack = record->stack != 0 ? record->stack : record->alloc_stack;
        struct issue *issue = issues_put(maker, catalog_error(record->kind)->slug, stack);
        if (issue->count == 0) {
            issue->number = record->kind;
            issue->finding = (uint32_t)i;
        }
        issue->count++;
        issues_process(issue, finding->process);
    }
}

static void issues_leaks(struct issues_maker *maker, unsigned kinds)
{
    const struct profile *profile = maker->profile;
    for (size_t i = 0; i < profile->leaks.count; i++) {
        const struct leak *leak = &profile->leaks.items[i];
        const struct mmt_leak *record = &leak->record;
        if ((kinds >> record->kind & 1) == 0)
            continue;
        struct issue *issue = issues_put(maker, catalog_leak_kind(record->kind), record->stack);
        if (!issue->leak || record->bytes > issue->stack_bytes) {
            issue->leak = true;
            issue->number = record->kind;
            issue->stack = record->stack;
            issue->stack_bytes = record->bytes;
        }
        issue->count = profile_add(issue->count, record->blocks);
        issue->bytes = profile_add(issue->bytes, record->bytes);
        issues_process(issue, leak->process);
    }
}

void issues_gather(struct issues *issues, const struct profile *profile, unsigned kinds)
{
    struct issues_maker maker = {.issues = issues, .profile = profile};
    memset(issues, 0, sizeof *issues);
    issues_errors(&maker);
    issues_leaks(&maker, kinds);
    for (size_t i = 0; i < issues->items.count; i++) {
        struct issue *issue = &issues->items.items[i];
        if (issue->located != issue->stack) {
            callpath_expand(&maker.path, profile, issue->stack, false);
            issues_locate(&maker, issue, &maker.path);
        }
    }
    if (issues->items.count != 0)
        qsort(issues->items.items, issues->items.count, sizeof *issues->items.items, issues_order);
    idmap_free(&maker.index);
    idmap_free(&maker.briefs);
    VEC_FREE(&maker.names);
    callpath_free(&maker.path);
    textbuf_free(&maker.text);
}

size_t issues_keep_own(struct issues *issues)
{
    size_t kept = 0, count = issues->items.count;
    for (size_t i = 0; i < count; i++) {
        struct issue *issue = &issues->items.items[i];
        if (issue->own)
            issues->items.items[kept++] = *issue;
        else
            VEC_FREE(&issue->processes);
    }
    issues->items.count = kept;
    return count - kept;
}

void issues_free(struct issues *issues)
{
    for (size_t i = 0; i < issues->items.count; i++)
        VEC_FREE(&issues->items.items[i].processes);
    VEC_FREE(&issues->items);
    strpool_free(&issues->strings);
}
