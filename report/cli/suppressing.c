/* SPDX-License-Identifier: MIT */
#include "cli/suppressing.h"

#include "load/suppressions.h"
#include "query/builtin.h"
#include "query/holders.h"
#include "query/leaktree.h"
#include "query/suppress.h"
#include "sym/resolve.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Of all programs' own lists together: each rule looks at every stack, and anything may be in a
 * trace. */
#define MOST_PROGRAM_RULES 4096

void suppressing_from_environment(struct textbuf *files)
{
    static const char key[] = "suppressions=";
    const char *own = getenv(SUPPRESSING_VARIABLE), *lsan = getenv("LSAN_OPTIONS");
    if (own != NULL) {
        textbuf_put(files, own);
        textbuf_put(files, own[0] != '\0' ? "\n" : "");
        return;
    }
    for (const char *next = lsan; next != NULL && *next != '\0';) {
        next += strspn(next, " ,:\t\r\n");
        const char *value = strncmp(next, key, strlen(key)) == 0 ? next + strlen(key) : NULL;
        next += value != NULL ? strlen(key) : strcspn(next, "= ,:\t\r\n");
        next += value == NULL && *next == '=';
        bool quoted = *next == '\'' || *next == '"';
        const char quote[] = {quoted ? *next : '\0', '\0'};
        const char *start = next + quoted;
        size_t length = strcspn(start, quoted ? quote : " ,:\t\r\n");
        if (value != NULL && length != 0) {
            textbuf_put_bytes(files, start, length);
            textbuf_put(files, "\n");
        }
        next = start + length;
        next += quoted && *next != '\0';
    }
}

bool suppressing_load(struct suppressions *rules, const char *files)
{
    struct textbuf list = {0};
    struct failure failure = {0};
    bool good = true;
    textbuf_put(&list, files);
    suppressing_from_environment(&list);
    for (const char *next = textbuf_text(&list); good && *next != '\0';) {
        size_t length = strcspn(next, "\n");
        char *path = xalloc_text(next, length);
        if (length != 0)
            good = suppressions_read(rules, path, &failure);
        free(path);
        next += length + (next[length] != '\0');
    }
    if (!good)
        failure_print(&failure);
    failure_free(&failure);
    textbuf_free(&list);
    return good;
}

static void suppressing_tell(const struct suppressions *rules, const struct suppression *rule,
                             const struct suppress_result *result, enum suppressing_talk talk)
{
    switch (suppress_fault(rules, rule, result)) {
    case SUPPRESS_EXPIRED:
        failure_warn("%s:%u: suppression '%s' expired on %s%s%s", rule->file, rule->line,
                     rule->name, rule->until, rule->reason[0] != '\0' ? ": " : "", rule->reason);
        break;
    case SUPPRESS_BROAD:
        failure_warn("%s:%u: suppression '%s' is too broad: it takes %" PRIu64 " of %" PRIu64
                     " findings",
                     rule->file, rule->line, rule->name, rule->hits, result->all);
        break;
    case SUPPRESS_UNUSED:
        if (talk == SUPPRESSING_ALL)
            failure_warn("%s:%u: suppression '%s' is not used", rule->file, rule->line, rule->name);
        break;
    default:
        break;
    }
}

/* Each distinct list that programs gave is applied once, to all processes that gave it. Who wrote
 * it may have had libraries in mind that this run did not use: a rule without a match is not worth
 * a word. */
static void suppressing_programs(struct profile *profile, enum suppressing_talk talk)
{
    VEC(const char *) seen = {0};
    size_t count = 0;
    for (size_t i = 0; i < profile->processes.count && count <= MOST_PROGRAM_RULES; i++) {
        const char *text = profile->processes.items[i].suppressions;
        size_t known = 0;
        while (known < seen.count && seen.items[known] != text)
            known++;
        if (text[0] == '\0' || known < seen.count)
            continue;
        struct suppressions rules = {0};
        struct failure failure = {0};
        *VEC_PUSH(&seen) = text;
        suppressions_parse(&rules, profile->processes.items[i].file, text, strlen(text), &failure);
        count += rules.rules.count;
        if (count <= MOST_PROGRAM_RULES) {
            suppress_apply(&rules, profile, text, time(NULL));
        } else if (talk != SUPPRESSING_SILENT) {
            failure_warn("%s: the programs' own suppressions from here on are passed over: there "
                         "are more than %d",
                         profile->processes.items[i].file, MOST_PROGRAM_RULES);
        }
        failure_free(&failure);
        suppressions_free(&rules);
    }
    VEC_FREE(&seen);
}

static bool suppressing_has_programs(const struct profile *profile)
{
    for (size_t i = 0; i < profile->processes.count; i++)
        if (profile->processes.items[i].suppressions[0] != '\0')
            return true;
    return false;
}

static void suppressing_builtin(struct profile *profile, const struct symsearch *search)
{
    struct resolve_set wanted;
    resolve_set_init(&wanted, profile);
    if (builtin_frames(&wanted, profile)) {
        if (search != NULL)
            resolve_names(profile, &wanted, search, false);
        builtin_apply(profile);
    }
    resolve_set_free(&wanted);
}

static void suppressing_lists(struct suppressions *rules, struct profile *profile,
                              const struct symsearch *search, enum suppressing_talk talk)
{
    bool lists = rules->rules.count != 0, programs = suppressing_has_programs(profile);
    if (!lists && !programs)
        return;
    if (search != NULL) {
        struct resolve_set wanted;
        resolve_set_init(&wanted, profile);
        for (size_t i = 0; lists && i < profile->findings.count; i++)
            resolve_set_add_finding(&wanted, profile, &profile->findings.items[i]);
        resolve_set_add_leaks(&wanted, profile, LEAKTREE_ALL_KINDS);
        resolve_names(profile, &wanted, search, false);
        resolve_set_free(&wanted);
    }
    struct suppress_result result = suppress_apply(rules, profile, NULL, time(NULL));
    for (size_t i = 0; talk != SUPPRESSING_SILENT && i < rules->rules.count; i++)
        suppressing_tell(rules, &rules->rules.items[i], &result, talk);
    if (programs)
        suppressing_programs(profile, talk);
}

void suppressing_apply(struct suppressions *rules, struct profile *profile,
                       const struct symsearch *search, enum suppressing_talk talk)
{
    suppressing_lists(rules, profile, search, talk);
    if (!rules->no_builtin)
        suppressing_builtin(profile, search);
    holders_forget(profile);
}
