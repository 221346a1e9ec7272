/* SPDX-License-Identifier: MIT */
#include "cli/suppressing.h"

#include "load/suppressions.h"
#include "query/leaktree.h"
#include "query/suppress.h"
#include "sym/resolve.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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
        if (length != 0) {
            good = suppressions_read(rules, path, &failure);
        }
        free(path);
        next += length + (next[length] != '\0');
    }
    if (!good) {
        failure_print(&failure);
    }
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
        if (talk == SUPPRESSING_ALL) {
            failure_warn("%s:%u: suppression '%s' is not used", rule->file, rule->line, rule->name);
        }
        break;
    case SUPPRESS_MANGLED:
        if (talk == SUPPRESSING_ALL) {
            failure_warn("%s:%u: suppression '%s' is not used: a mangled name with wildcards "
                         "matches nothing",
                         rule->file, rule->line, rule->name);
        }
        break;
    default:
        break;
    }
}

void suppressing_apply(struct suppressions *rules, struct profile *profile,
                       const struct symsearch *search, enum suppressing_talk talk)
{
    if (rules->rules.count == 0) {
        return;
    }
    if (search != NULL) {
        struct resolve_set wanted;
        resolve_set_init(&wanted, profile);
        for (size_t i = 0; i < profile->findings.count; i++) {
            resolve_set_add_finding(&wanted, profile, &profile->findings.items[i]);
        }
        resolve_set_add_leaks(&wanted, profile, LEAKTREE_ALL_KINDS);
        resolve_names(profile, &wanted, search, false);
        resolve_set_free(&wanted);
    }
    struct suppress_result result = suppress_apply(rules, profile, time(NULL));
    for (size_t i = 0; talk != SUPPRESSING_SILENT && i < rules->rules.count; i++) {
        suppressing_tell(rules, &rules->rules.items[i], &result, talk);
    }
}
