/* SPDX-License-Identifier: MIT */
#include "sym/resolve.h"

#include "elf/vdso.h"
#include "sym/debuginfod.h"
#include "sym/perfmap.h"
#include "sym/symbolizer.h"
#include "sym/symcache.h"
#include "sym/symchild.h"
#include "util/failure.h"
#include "util/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a cache knows is kept as a whole if one in this many of its addresses is wanted; otherwise
 * names are copied. */
#define RESOLVE_HELD 4

void resolve_set_init(struct resolve_set *set, const struct profile *profile)
{
    set->count = profile->frames.count;
    set->frames = xalloc_zeroed(set->count, 1);
}

void resolve_set_free(struct resolve_set *set)
{
    free(set->frames);
    set->frames = NULL;
}

void resolve_set_add(struct resolve_set *set, const struct profile *profile, uint32_t stack)
{
    for (; stack != 0; stack = profile->stacks.items[stack].parent)
        set->frames[profile->stacks.items[stack].frame] = 1;
}

static void resolve_set_add_thread(struct resolve_set *set, const struct profile *profile,
                                   uint32_t thread)
{
    resolve_set_add(set, profile, profile->threads.items[thread].creation_stack);
}

void resolve_set_add_finding(struct resolve_set *set, const struct profile *profile,
                             const struct finding *finding)
{
    const struct mmt_finding *record = &finding->record;
    resolve_set_add(set, profile, record->stack);
    resolve_set_add(set, profile, record->alloc_stack);
    resolve_set_add(set, profile, record->free_stack);
    resolve_set_add_thread(set, profile, record->thread);
    resolve_set_add_thread(set, profile, record->alloc_thread);
    resolve_set_add_thread(set, profile, record->free_thread);
}

void resolve_set_add_leaks(struct resolve_set *set, const struct profile *profile, unsigned kinds)
{
    for (size_t i = 0; i < profile->leaks.count; i++) {
        const struct mmt_leak *leak = &profile->leaks.items[i].record;
        if ((kinds >> leak->kind & 1) != 0)
            resolve_set_add(set, profile, leak->stack);
    }
}

struct resolve_pair {
    const char *text, *interned;
};

/* The profile's texts for those of an answer, by address: symbols have most of their texts in
 * common. */
struct resolve_texts {
    bool held; /* the profile keeps the answer's bytes, so texts need no pairs */
    struct idmap index;
    VEC(struct resolve_pair) pairs;
};

static bool resolve_text_equal(const void *context, uint32_t id, const void *key)
{
    return ((const struct resolve_texts *)context)->pairs.items[id - 1].text == key;
}

static const char *resolve_text(struct profile *profile, struct resolve_texts *texts,
                                const char *text)
{
    if (text == NULL)
        return NULL;
    uint64_t hash = idmap_mix(12, (uintptr_t)text);
    uint32_t id = idmap_find(&texts->index, hash, resolve_text_equal, texts, text);
    if (id == 0) {
        size_t length = strlen(text);
        const char *interned = texts->held ? strpool_put_held(&profile->strings, text, length)
                                           : strpool_put(&profile->strings, text, length);
        *VEC_PUSH(&texts->pairs) = (struct resolve_pair){text, interned};
        id = (uint32_t)texts->pairs.count;
        idmap_add(&texts->index, hash, id);
    }
    return texts->pairs.items[id - 1].interned;
}

static void resolve_store(struct profile *profile, struct resolve_texts *texts, uint32_t frame,
                          const struct sym_answer *answer, const struct sym_chain *chain)
{
    struct frame *target = &profile->frames.items[frame];
    target->first_symbol = (uint32_t)profile->symbols.count;
    target->symbols = chain->count;
    for (uint32_t i = 0; i < chain->count; i++) {
        struct symbol symbol = answer->symbols.items[chain->first + i];
        symbol.function = resolve_text(profile, texts, symbol.function);
        symbol.file = resolve_text(profile, texts, symbol.file);
        symbol.linkage = resolve_text(profile, texts, symbol.linkage);
        *VEC_PUSH(&profile->symbols) = symbol;
    }
}

/* Ends the use of an answer's texts. */
static void resolve_texts_end(struct resolve_texts *texts, struct profile *profile,
                              struct sym_answer *answer)
{
    if (texts->held) {
        strpool_hold(&profile->strings, answer->held);
        answer->held = NULL;
    }
    idmap_free(&texts->index);
    VEC_FREE(&texts->pairs);
}

/* A return address may be the first of the next line or even of the next function. */
static uint64_t resolve_address(const struct frame *frame)
{
    return frame->address - !frame->exact;
}

static int resolve_by_address(const void *left, const void *right, void *context)
{
    const struct frame *frames = ((const struct profile *)context)->frames.items;
    uint64_t a = resolve_address(&frames[*(const uint32_t *)left]);
    uint64_t b = resolve_address(&frames[*(const uint32_t *)right]);
    return a < b ? -1 : a > b;
}

static bool resolve_has_lines(const struct sym_answer *answer)
{
    for (size_t i = 0; i < answer->symbols.count; i++)
        if (answer->symbols.items[i].file != NULL)
            return true;
    return false;
}

/* The names of a module's frames. */
struct resolve_job {
    struct profile *profile;
    const struct module *module;
    const struct symsearch *search;
    bool warn;
    struct symcache cache;
    /* Frames that the cache has no names for, and where they are looked for, ascending. */
    uint32_t *missing;
    uint64_t *addresses;
    size_t count;
};

/* Asks the backend for what is missing, and keeps what it says. */
static void resolve_missing(const struct resolve_job *job)
{
    const struct module *module = job->module;
    const struct symsearch *search = job->search;
    struct sym_answer answer;
    sym_answer_init(&answer, job->count);
    const char *trouble =
        symchild_resolve(sym_backend(search->backend), module, search, job->addresses, &answer);
    if (search->fetch && !resolve_has_lines(&answer) && debuginfod_fetch(module)) {
        sym_answer_free(&answer);
        sym_answer_init(&answer, job->count);
        trouble =
            symchild_resolve(sym_backend(search->backend), module, search, job->addresses, &answer);
    }
    struct resolve_texts texts = {.held = true};
    for (size_t i = 0; i < job->count; i++)
        resolve_store(job->profile, &texts, job->missing[i], &answer, &answer.chains[i]);
    resolve_texts_end(&texts, job->profile, &answer);
    if (trouble == NULL && answer.note == NULL)
        symcache_store(&job->cache, search, module, job->addresses, &answer);
    if (job->warn && trouble != NULL)
        failure_warn("%s: names are missing: the symbol reader %s", module->path, trouble);
    else if (job->warn && answer.note != NULL)
        failure_warn("%s: %s; names may be missing", module->path, answer.note);
    sym_answer_free(&answer);
}

static void resolve_module(struct profile *profile, uint32_t id, const uint32_t *frames,
                           size_t count, const struct symsearch *search, bool warn)
{
    struct resolve_job job = {
        .profile = profile, .module = &profile->modules.items[id], .search = search, .warn = warn};
    struct symcache *cache = &job.cache;
    struct resolve_texts texts = {0};
    symcache_load(cache, search, job.module);
    if (search->fetch && !resolve_has_lines(&cache->answer)) {
        symcache_free(cache);
        *cache = (struct symcache){0};
    }
    texts.held = count >= cache->addresses.count / RESOLVE_HELD;
    job.addresses = xalloc_resize(NULL, count, sizeof *job.addresses);
    job.missing = xalloc_resize(NULL, count, sizeof *job.missing);
    for (size_t i = 0; i < count; i++) {
        const struct frame *frame = &profile->frames.items[frames[i]];
        const struct sym_chain *chain = symcache_find(cache, resolve_address(frame));
        if (chain != NULL)
            resolve_store(profile, &texts, frames[i], &cache->answer, chain);
        else
            job.missing[job.count++] = frames[i];
    }
    qsort_r(job.missing, job.count, sizeof *job.missing, resolve_by_address, profile);
    for (size_t i = 0; i < job.count; i++)
        job.addresses[i] = resolve_address(&profile->frames.items[job.missing[i]]);
    if (job.count != 0)
        resolve_missing(&job);
    resolve_texts_end(&texts, profile, &cache->answer);
    symcache_free(cache);
    free(job.missing);
    free(job.addresses);
}

/* The vdso is that of the running kernel, or nothing is known of it. */
static void resolve_vdso(struct profile *profile, uint32_t id, const uint32_t *frames, size_t count,
                         const struct symsearch *search)
{
    const struct symsearch here = {.backend = search->backend};
    struct module *module = &profile->modules.items[id];
    const char *path = module->path;
    char copy[40];
    int descriptor = module->build_id_size != 0 ? vdso_open() : -1;
    if (descriptor >= 0) {
        snprintf(copy, sizeof copy, "/proc/self/fd/%d", descriptor);
        module->path = copy;
        module->size = module->mtime = 0;
        resolve_module(profile, id, frames, count, &here, false);
        module->path = path;
        close(descriptor);
    }
}

void resolve_names(struct profile *profile, const struct resolve_set *set,
                   const struct symsearch *search, bool warn)
{
    size_t modules = profile->modules.count;
    size_t *starts = xalloc_zeroed(modules + 1, sizeof *starts);
    uint32_t *frames = xalloc_zeroed(set->count, sizeof *frames);
    /* Frames by module: count, sum up, and place. */
    for (size_t i = 1; i < set->count; i++) {
        starts[profile->frames.items[i].module + 1] +=
            set->frames[i] && profile->frames.items[i].symbols == 0;
    }
    for (size_t i = 1; i <= modules; i++)
        starts[i] += starts[i - 1];
    for (size_t i = 1; i < set->count; i++)
        if (set->frames[i] && profile->frames.items[i].symbols == 0)
            frames[starts[profile->frames.items[i].module]++] = (uint32_t)i;
    for (uint32_t i = 1; i < modules; i++) {
        size_t first = starts[i - 1], count = starts[i] - first;
        if (count != 0) {
            progress_show("reading names of modules", i, modules - 1);
            const struct module *module = &profile->modules.items[i];
            if ((module->flags & MMT_MODULE_VDSO) != 0)
                resolve_vdso(profile, i, frames + first, count, search);
            else if (module->path[0] == '/')
                resolve_module(profile, i, frames + first, count, search, warn);
        }
    }
    progress_end();
    perfmap_names(profile, set->frames);
    free(starts);
    free(frames);
}
