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
        if ((traits & (CALLPATH_SYSTEM | CALLPATH_CUT)) != 0) {
            continue;
        }
        if (entry->symbol != NULL && entry->symbol->file != NULL) {
            return entry;
        }
        own = own != NULL ? own : entry;
    }
    bool some = path->entries.count != 0 && path->entries.items[0].frame != 0;
    return own != NULL ? own : some ? &path->entries.items[0] : NULL;
}

static void issues_put_function(struct textbuf *text, const struct profile *profile,
                                const struct callpath_entry *entry)
{
    const struct symbol *symbol = entry->symbol;
    const struct frame *frame = &profile->frames.items[entry->frame];
    struct textbuf brief = {0};
    if (symbol != NULL && symbol->function != NULL) {
        shortname_put(&brief, symbol->function, 0);
    } else {
        textbuf_format(&brief, "%s+0x%llx",
                       profile_basename(profile->modules.items[frame->module].path),
                       (unsigned long long)frame->address);
    }
    textbuf_put_escaped(text, textbuf_text(&brief));
    textbuf_free(&brief);
}

/* The functions that the fingerprint has; see there. */
static void issues_put_path(struct textbuf *text, const struct profile *profile,
                            const struct callpath *path)
{
    unsigned taken = 0;
    for (int system = 0; system < 2 && taken == 0; system++) {
        for (size_t i = 0; i < path->entries.count && taken < FINGERPRINT_FRAMES; i++) {
            unsigned traits = callpath_traits(profile, &path->entries.items[i]);
            if ((traits & CALLPATH_CUT) == 0 && (system || (traits & CALLPATH_SYSTEM) == 0)) {
                textbuf_put(text, taken++ == 0 ? "" : " < ");
                issues_put_function(text, profile, &path->entries.items[i]);
            }
        }
    }
    textbuf_put(text, taken == 0 ? "(no stack)" : "");
}

bool issues_own_stack(const struct profile *profile, uint32_t stack)
{
    static const char *const folders[] = {"/usr/bin/",   "/usr/sbin/",    "/usr/lib/",
                                          "/usr/lib64/", "/usr/libexec/", "/bin/",
                                          "/sbin/",      "/lib/",         "/lib64/"};
    for (; stack != 0; stack = profile->stacks.items[stack].parent) {
        uint32_t frame = profile->stacks.items[stack].frame;
        const struct module *module = &profile->modules.items[profile->frames.items[frame].module];
        bool own = module->path[0] == '/' && (module->flags & MMT_MODULE_GUARD) == 0;
        for (size_t i = 0; own && i < sizeof folders / sizeof *folders; i++) {
            own = strncmp(module->path, folders[i], strlen(folders[i])) != 0;
        }
        if (own) {
            return true;
        }
    }
    return false;
}

static void issues_locate(struct issues *issues, struct issue *issue, const struct profile *profile)
{
    struct callpath path = {0};
    struct textbuf text = {0};
    callpath_expand(&path, profile, issue->stack, false);
    issues_put_path(&text, profile, &path);
    issue->path = strpool_put(&issues->strings, textbuf_text(&text), text.bytes.count);
    const struct callpath_entry *blame = issues_blame(profile, &path);
    issue->module = "";
    issue->own = issues_own_stack(profile, issue->stack);
    if (blame != NULL) {
        issue->module = profile->modules.items[profile->frames.items[blame->frame].module].path;
        if (blame->symbol != NULL) {
            issue->function = blame->symbol->function;
            issue->file = blame->symbol->file;
            issue->line = blame->symbol->line;
        }
    }
    textbuf_free(&text);
    callpath_free(&path);
}

static bool issues_equal(const void *context, uint32_t id, const void *key)
{
    return ((const struct issues *)context)->items.items[id - 1].text == key;
}

/* The issue of a fingerprint; a new one has nothing but that. */
static struct issue *issues_put(struct issues *issues, struct idmap *index,
                                const struct profile *profile, const char *kind, uint32_t stack)
{
    struct textbuf text = {0};
    fingerprint_put(&text, profile, kind, stack);
    const char *interned = strpool_put(&issues->strings, textbuf_text(&text), text.bytes.count);
    textbuf_free(&text);
    uint64_t hash = idmap_mix(10, (uintptr_t)interned);
    uint32_t id = idmap_find(index, hash, issues_equal, issues, interned);
    if (id == 0) {
        *VEC_PUSH(&issues->items) =
            (struct issue){.text = interned, .hash = fingerprint_hash(interned), .kind = kind};
        id = (uint32_t)issues->items.count;
        idmap_add(index, hash, id);
    }
    return &issues->items.items[id - 1];
}

static void issues_process(struct issue *issue, uint32_t process)
{
    size_t count = issue->processes.count;
    if (count == 0 || issue->processes.items[count - 1] != process) {
        *VEC_PUSH(&issue->processes) = process;
    }
}

static int issues_order(const void *left, const void *right)
{
    const struct issue *a = left, *b = right;
    if (a->leak != b->leak) {
        return a->leak - b->leak;
    }
    if (a->bytes != b->bytes) {
        return a->bytes > b->bytes ? -1 : 1;
    }
    return strcmp(a->text, b->text);
}

static void issues_errors(struct issues *issues, struct idmap *index, const struct profile *profile)
{
    for (size_t i = 0; i < profile->findings.count; i++) {
        const struct finding *finding = &profile->findings.items[i];
        const struct mmt_finding *record = &finding->record;
        uint32_t stack = record->stack != 0 ? record->stack : record->alloc_stack;
        struct issue *issue =
            issues_put(issues, index, profile, catalog_error(record->kind)->slug, stack);
        if (issue->count == 0) {
            issue->number = record->kind;
            issue->finding = (uint32_t)i;
            issue->stack = stack;
        }
        issue->count++;
        issues_process(issue, finding->process);
    }
}

static void issues_leaks(struct issues *issues, struct idmap *index, const struct profile *profile,
                         unsigned kinds)
{
    for (size_t i = 0; i < profile->leaks.count; i++) {
        const struct leak *leak = &profile->leaks.items[i];
        const struct mmt_leak *record = &leak->record;
        if ((kinds >> record->kind & 1) == 0) {
            continue;
        }
        struct issue *issue =
            issues_put(issues, index, profile, catalog_leak_kind(record->kind), record->stack);
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
    struct idmap index = {0};
    memset(issues, 0, sizeof *issues);
    issues_errors(issues, &index, profile);
    issues_leaks(issues, &index, profile, kinds);
    idmap_free(&index);
    for (size_t i = 0; i < issues->items.count; i++) {
        issues_locate(issues, &issues->items.items[i], profile);
    }
    if (issues->items.count != 0) {
        qsort(issues->items.items, issues->items.count, sizeof *issues->items.items, issues_order);
    }
}

size_t issues_keep_own(struct issues *issues)
{
    size_t kept = 0, count = issues->items.count;
    for (size_t i = 0; i < count; i++) {
        struct issue *issue = &issues->items.items[i];
        if (issue->own) {
            issues->items.items[kept++] = *issue;
        } else {
            VEC_FREE(&issue->processes);
        }
    }
    issues->items.count = kept;
    return count - kept;
}

void issues_free(struct issues *issues)
{
    for (size_t i = 0; i < issues->items.count; i++) {
        VEC_FREE(&issues->items.items[i].processes);
    }
    VEC_FREE(&issues->items);
    strpool_free(&issues->strings);
}
