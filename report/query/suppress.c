/* SPDX-License-Identifier: MIT */
#include "query/suppress.h"

#include "query/callpath.h"
#include "sym/demangle.h"
#include "util/glob.h"
#include "util/shortname.h"
#include "util/textbuf.h"

#include <stdio.h>
#include <string.h>

/* A stack that rules are compared with. */
struct subject {
    const struct profile *profile;
    const struct suppressions *rules;
    char **demangled; /* of each pattern that is a mangled name; else NULL */
    struct callpath path[2]; /* without and with the frames that are hidden */
    uint32_t stack;
    const char *call; /* the checked function of libc that a finding is about, or NULL */
    const char *brief_of; /* the function that `brief` is the short name of */
    struct textbuf brief;
    unsigned char **anywhere; /* of each rule of that form: a bit for each stack it matches */
};

/* Rules are tried one after the other on one function: its short name is made once. */
static bool suppress_function(struct subject *subject, const char *pattern, const char *function)
{
    if (glob_matches(pattern, function))
        return true;
    if (subject->brief_of != function) {
        textbuf_clear(&subject->brief);
        shortname_put(&subject->brief, function, 0);
        subject->brief_of = function;
    }
    return glob_matches(pattern, textbuf_text(&subject->brief));
}

static bool suppress_is_guard(const struct profile *profile, const struct callpath_entry *entry)
{
    uint32_t module = profile->frames.items[entry->frame].module;
    return (profile->modules.items[module].flags & MMT_MODULE_GUARD) != 0;
}

/* Of one function libc has several names at one address, and tools differ in which they take:
 * strdup, __strdup, __GI___strdup. */
static bool suppress_alias(const char *pattern, const char *function, const char *module)
{
    static const char *const libraries[] = {"libc.so.*", "libc-*.so", "ld-linux*", "libpthread*"};
    bool libc = false;
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++)
        libc |= glob_matches(libraries[i], profile_basename(module));
    if (!libc || strncmp(pattern, "_Z", 2) == 0)
        return false;
    function += strncmp(function, "__GI_", 5) == 0 ? 5 : 0;
    function += strspn(function, "_");
    pattern += strspn(pattern, "_");
    return *pattern != '\0' && glob_matches(pattern, function);
}

/* Valgrind names inlined functions as their source does, without namespaces, classes and types. */
static bool suppress_inlined(const struct subject *subject, const char *pattern)
{
    const char *name = textbuf_text(&subject->brief), *last = name;
    for (const char *at = strstr(name, "::"); at != NULL; at = strstr(at + 2, "::"))
        last = at + 2;
    return last != name && glob_matches(pattern, last);
}

static bool suppress_source(const char *pattern, const struct symbol *symbol)
{
    if (symbol == NULL || symbol->file == NULL)
        return false;
    char *place = xalloc_format("%s:%u", symbol->file, symbol->line);
    bool matches = glob_matches(pattern, symbol->file) ||
                   glob_matches(pattern, profile_basename(symbol->file)) ||
                   glob_matches(pattern, place) || glob_matches(pattern, profile_basename(place));
    free(place);
    return matches;
}

static bool suppress_entry(struct subject *subject, uint32_t pattern,
                           const struct callpath_entry *entry)
{
    const struct suppression_pattern *one = &subject->rules->patterns.items[pattern];
    const struct profile *profile = subject->profile;
    const char *module = profile->modules.items[profile->frames.items[entry->frame].module].path;
    const struct symbol *symbol = entry->symbol;
    const char *demangled = subject->demangled[pattern];
    if (entry->frame == 0)
        return false;
    switch (one->part) {
    case SUPPRESSION_MODULE:
        return glob_matches(one->text, module) || glob_matches(one->text, profile_basename(module));
    case SUPPRESSION_SOURCE:
        return suppress_source(one->text, symbol);
    default:
        if (symbol == NULL || symbol->function == NULL)
            return glob_matches(one->text, profile_basename(module));
        if (suppress_is_guard(profile, entry) && one->text[strspn(one->text, "*?")] == '\0')
            return false;
        return suppress_function(subject, one->text, symbol->function) ||
               suppress_alias(one->text, symbol->function, module) ||
               (symbol->inlined && suppress_inlined(subject, one->text)) ||
               (demangled != NULL && strcmp(demangled, symbol->function) == 0) ||
               (symbol->linkage != NULL && strncmp(one->text, "_Z", 2) == 0 &&
                glob_matches(one->text, symbol->linkage));
    }
}

/* Whether the patterns match the path from its start; `...` takes as few callers as it can, and
 * more when the rest fails. */
static bool suppress_from(struct subject *subject, const struct suppression *rule, uint32_t first,
                          const struct callpath *path, size_t at)
{
    const struct suppression_pattern *patterns = subject->rules->patterns.items;
    uint32_t end = rule->first + rule->count, next = first, rest = UINT32_MAX;
    size_t retry = 0;
    while (next < end) {
        if (patterns[next].part == SUPPRESSION_REST) {
            rest = ++next;
            retry = at;
        } else if (at < path->entries.count &&
                   suppress_entry(subject, next, &path->entries.items[at])) {
            next++;
            at++;
        } else if (at < path->entries.count &&
                   suppress_is_guard(subject->profile, &path->entries.items[at])) {
            at++; /* stands for a function of libc that may be among the frames of the rule */
        } else if (rest != UINT32_MAX && retry < path->entries.count) {
            next = rest;
            at = ++retry;
        } else {
            return false;
        }
    }
    return true;
}

static bool suppress_is_allocation(const struct suppression_pattern *pattern)
{
    static const char *const names[] = {"malloc",
                                        "calloc",
                                        "realloc",
                                        "reallocarray",
                                        "memalign",
                                        "posix_memalign",
                                        "aligned_alloc",
                                        "valloc",
                                        "pvalloc",
                                        "free",
                                        "cfree",
                                        "_Znwm",
                                        "_Znam",
                                        "_ZdlPv",
                                        "_ZdaPv",
                                        "_ZdlPvm",
                                        "_ZdaPvm",
                                        "_ZnwmSt11align_val_t",
                                        "_ZnamSt11align_val_t",
                                        "_ZnwmSt11align_val_tRKSt9nothrow_t",
                                        "_ZnamSt11align_val_tRKSt9nothrow_t",
                                        "_ZdlPvSt11align_val_t",
                                        "_ZdaPvSt11align_val_t",
                                        "_ZdlPvmSt11align_val_t",
                                        "_ZdaPvmSt11align_val_t",
                                        "_ZdlPvRKSt9nothrow_t",
                                        "_ZdaPvRKSt9nothrow_t",
                                        "_ZnwmRKSt9nothrow_t",
                                        "_ZnamRKSt9nothrow_t",
                                        "operator new(unsigned long)",
                                        "operator new[](unsigned long)",
                                        "operator delete(void*)",
                                        "operator delete[](void*)",
                                        "__builtin_vec_new",
                                        "__builtin_new",
                                        "__builtin_delete",
                                        "__builtin_vec_delete"};
    if (pattern->part != SUPPRESSION_FUNCTION) {
        return pattern->part == SUPPRESSION_MODULE &&
               glob_matches(pattern->text,
                            "/usr/libexec/valgrind/vgpreload_memcheck-amd64-linux.so");
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (glob_matches(pattern->text, names[i]))
            return true;
    return false;
}

/* operator new of the C++ library, which Valgrind replaces, is not among the frames the rule has.
 */
static bool suppress_stack(struct subject *subject, const struct suppression *rule)
{
    const struct callpath *path = &subject->path[1];
    size_t start = 0;
    while (start < path->entries.count) {
        const struct callpath_entry *entry = &path->entries.items[start];
        const struct symbol *symbol = entry->symbol;
        bool operator_new = symbol != NULL && symbol->function != NULL &&
                            strncmp(symbol->function, "operator new", 12) == 0;
        if (!operator_new && !suppress_is_guard(subject->profile, entry))
            break;
        start++;
    }
    /* One of them may call another: posix_memalign calls memalign. */
    const struct suppression_pattern *patterns = subject->rules->patterns.items;
    uint32_t first = rule->first, end = rule->first + rule->count;
    while (!suppress_from(subject, rule, first, path, start)) {
        bool wild = first != end && first != rule->first && strpbrk(patterns[first].text, "*?");
        bool call = first == rule->first && first != end && subject->call != NULL &&
                    patterns[first].part == SUPPRESSION_FUNCTION &&
                    glob_matches(patterns[first].text, subject->call);
        if (first == end || wild || (!call && !suppress_is_allocation(&patterns[first])))
            return false;
        first++;
    }
    return true;
}

static bool suppress_frame(const struct profile *profile, const char *pattern,
                           const struct frame *frame)
{
    for (uint32_t i = 0; i < frame->symbols; i++) {
        const struct symbol *symbol = &profile->symbols.items[frame->first_symbol + i];
        if ((symbol->function != NULL && glob_found(pattern, symbol->function)) ||
            (symbol->file != NULL && glob_found(pattern, symbol->file)))
            return true;
    }
    return false;
}

/* The stacks with a match: callers have lower numbers than what they call, so each asks its
 * caller's bit. */
static unsigned char *suppress_anywhere(const struct profile *profile, const char *pattern)
{
    size_t modules = profile->modules.count, frames = profile->frames.count;
    unsigned char *module = xalloc_zeroed(modules, 1), *frame = xalloc_zeroed(frames, 1);
    unsigned char *bits = xalloc_zeroed(profile->stacks.count / 8 + 1, 1);
    for (size_t i = 1; i < modules; i++)
        module[i] = glob_found(pattern, profile->modules.items[i].path);
    for (size_t i = 1; i < frames; i++) {
        const struct frame *one = &profile->frames.items[i];
        bool guard = (profile->modules.items[one->module].flags & MMT_MODULE_GUARD) != 0;
        frame[i] = !guard && (module[one->module] || suppress_frame(profile, pattern, one));
    }
    for (size_t i = 1; i < profile->stacks.count; i++) {
        const struct stack *one = &profile->stacks.items[i];
        if (frame[one->frame] || (bits[one->parent / 8] >> one->parent % 8 & 1) != 0)
            bits[i / 8] |= (unsigned char)(1u << i % 8);
    }
    free(module);
    free(frame);
    return bits;
}

/* Whether the rule matches the stack of the subject, wherever its kinds are. */
static bool suppress_matches(struct subject *subject, size_t index)
{
    const struct suppression *rule = &subject->rules->rules.items[index];
    if (rule->form == SUPPRESSION_STACK)
        return suppress_stack(subject, rule);
    if (rule->form == SUPPRESSION_PATH)
        return suppress_from(subject, rule, rule->first, &subject->path[0], 0);
    if (subject->anywhere[index] == NULL) {
        subject->anywhere[index] =
            suppress_anywhere(subject->profile, subject->rules->patterns.items[rule->first].text);
    }
    return (subject->anywhere[index][subject->stack / 8] >> subject->stack % 8 & 1) != 0;
}

/* The index of the first rule that takes it plus 1, or 0. */
static uint32_t suppress_find(struct subject *subject, uint64_t error, unsigned leak,
                              uint64_t access_size, uint32_t stack)
{
    if (stack != subject->stack) {
        callpath_expand(&subject->path[0], subject->profile, stack, false);
        callpath_expand(&subject->path[1], subject->profile, stack, true);
        subject->stack = stack;
    }
    for (size_t i = 0; i < subject->rules->rules.count; i++) {
        const struct suppression *rule = &subject->rules->rules.items[i];
        if (rule->expired || ((rule->errors & error) == 0 && (rule->leaks & leak) == 0) ||
            (rule->access_size != 0 && rule->access_size != access_size))
            continue;
        if (suppress_matches(subject, i))
            return (uint32_t)i + 1;
    }
    return 0;
}

static void suppress_findings(struct subject *subject, struct suppressions *rules,
                              struct profile *profile, struct suppress_result *result)
{
    size_t kept = 0;
    for (size_t i = 0; i < profile->findings.count; i++) {
        struct finding *finding = &profile->findings.items[i];
        uint32_t kind = finding->record.kind;
        uint64_t bit = kind < SUPPRESSION_ERROR_KINDS ? UINT64_C(1) << kind : 1;
        uint32_t stack =
            finding->record.stack != 0 ? finding->record.stack : finding->record.alloc_stack;
        subject->call = finding->call;
        uint32_t rule = suppress_find(subject, bit, 0, finding->access_size, stack);
        subject->call = NULL;
        result->all++;
        if (rule == 0) {
            profile->findings.items[kept++] = *finding;
            continue;
        }
        struct process *process = &profile->processes.items[finding->process];
        rules->rules.items[rule - 1].hits++;
        result->taken++;
        process->suppressed_errors++;
        process->counters.findings -= process->counters.findings != 0;
    }
    profile->findings.count = kept;
}

/* Processes of one program lose the same: each stack and kind is looked up once. */
struct suppress_known {
    struct subject *subject;
    struct suppressions *rules;
    struct suppress_result *result;
    uint32_t *known; /* 0: not looked up yet; else as below */
};

/* The index of the rule for leaks of this kind plus 2; 1: there is none. */
static uint32_t suppress_leak(struct suppress_known *state, uint32_t stack, uint32_t kind)
{
    uint32_t *rule = &state->known[(size_t)stack * MMT_LEAK_KINDS + kind];
    if (*rule == 0) {
        *rule = 1 + suppress_find(state->subject, 0, 1u << kind, 0, stack);
        state->result->all++;
        state->result->taken += *rule != 1;
        if (*rule != 1)
            state->rules->rules.items[*rule - 2].hits++;
    }
    return *rule;
}

/* What only a hidden leak holds is hidden with it. */
static bool suppress_takes_leak(struct suppress_known *state, const struct mmt_leak *leak)
{
    return suppress_leak(state, leak->stack, leak->kind) != 1 ||
           (leak->kind == MMT_LEAK_INDIRECT && leak->holder != 0 &&
            suppress_leak(state, (uint32_t)leak->holder, MMT_LEAK_DEFINITE) != 1);
}

static void suppress_leaks(struct subject *subject, struct suppressions *rules,
                           struct profile *profile, const char *program,
                           struct suppress_result *result)
{
    struct suppress_known state = {subject, rules, result, NULL};
    state.known = xalloc_zeroed(profile->stacks.count * MMT_LEAK_KINDS, sizeof *state.known);
    size_t kept = 0;
    for (size_t i = 0; i < profile->leaks.count; i++) {
        struct leak *leak = &profile->leaks.items[i];
        struct process *process = &profile->processes.items[leak->process];
        if ((program != NULL && process->suppressions != program) ||
            !suppress_takes_leak(&state, &leak->record)) {
            profile->leaks.items[kept++] = *leak;
            continue;
        }
        process->suppressed_bytes = profile_add(process->suppressed_bytes, leak->record.bytes);
        process->suppressed_blocks = profile_add(process->suppressed_blocks, leak->record.blocks);
    }
    profile->leaks.count = kept;
    free(state.known);
}

struct suppress_result suppress_apply(struct suppressions *rules, struct profile *profile,
                                      const char *program, time_t now)
{
    struct suppress_result result = {0};
    char today[16];
    struct tm date;
    if (gmtime_r(&now, &date) == NULL || strftime(today, sizeof today, "%Y-%m-%d", &date) == 0)
        today[0] = '\0';
    struct subject subject = {.profile = profile, .rules = rules, .stack = UINT32_MAX};
    subject.demangled = xalloc_zeroed(rules->patterns.count + 1, sizeof *subject.demangled);
    subject.anywhere = xalloc_zeroed(rules->rules.count + 1, sizeof *subject.anywhere);
    for (size_t i = 0; i < rules->rules.count; i++) {
        struct suppression *rule = &rules->rules.items[i];
        rule->expired = rule->until[0] != '\0' && strcmp(today, rule->until) > 0;
        for (uint32_t j = rule->first; j < rule->first + rule->count; j++) {
            const char *text = rules->patterns.items[j].text;
            bool mangled = strncmp(text, "_Z", 2) == 0 && strpbrk(text, "*?") == NULL;
            subject.demangled[j] = mangled ? demangle_name(text) : NULL;
        }
    }
    if (rules->rules.count != 0) {
        if (program == NULL)
            suppress_findings(&subject, rules, profile, &result);
        suppress_leaks(&subject, rules, profile, program, &result);
    }
    for (size_t i = 0; i < rules->patterns.count; i++)
        free(subject.demangled[i]);
    for (size_t i = 0; i < rules->rules.count; i++)
        free(subject.anywhere[i]);
    free(subject.demangled);
    free(subject.anywhere);
    textbuf_free(&subject.brief);
    callpath_free(&subject.path[0]);
    callpath_free(&subject.path[1]);
    return result;
}

/* Every function that has a name: there is nothing in the patterns but wildcards. */
static bool suppress_takes_all(const struct suppressions *rules, const struct suppression *rule)
{
    for (uint32_t i = rule->first; i < rule->first + rule->count; i++) {
        const struct suppression_pattern *pattern = &rules->patterns.items[i];
        bool allocation =
            i == rule->first && rule->form == SUPPRESSION_STACK && suppress_is_allocation(pattern);
        if (pattern->part != SUPPRESSION_REST && !allocation &&
            pattern->text[strspn(pattern->text, "*?^$")] != '\0')
            return false;
    }
    return true;
}

enum suppress_fault suppress_fault(const struct suppressions *rules, const struct suppression *rule,
                                   const struct suppress_result *result)
{
    if (rule->expired)
        return SUPPRESS_EXPIRED;
    if (suppress_takes_all(rules, rule) ||
        (rule->hits >= SUPPRESS_BROAD_LEAST &&
         rule->hits * 100 > result->all * SUPPRESS_BROAD_PERCENT))
        return SUPPRESS_BROAD;
    return rule->hits == 0 ? SUPPRESS_UNUSED : SUPPRESS_GOOD;
}

char *suppress_suggest(const struct profile *profile, const char *kind, uint32_t stack,
                       unsigned callers)
{
    struct callpath path = {0};
    struct textbuf text = {0};
    textbuf_put(&text, kind);
    callpath_expand(&path, profile, stack, false);
    size_t i = 0;
    for (; i < path.entries.count && i < callers && path.entries.items[i].frame != 0; i++) {
        const struct callpath_entry *entry = &path.entries.items[i];
        uint32_t module = profile->frames.items[entry->frame].module;
        textbuf_put(&text, i == 0 ? ":" : " < ");
        textbuf_put_escaped(&text, entry->symbol != NULL && entry->symbol->function != NULL
                                       ? entry->symbol->function
                                       : profile_basename(profile->modules.items[module].path));
    }
    callpath_free(&path);
    char *result = i != 0 ? xalloc_text(textbuf_text(&text), text.bytes.count) : NULL;
    textbuf_free(&text);
    return result;
}
