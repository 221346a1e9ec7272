/* SPDX-License-Identifier: MIT */
#include "query/pathfilter.h"

#include <stdlib.h>
#include <string.h>

/* regcomp() copies what is repeated: bounds in bounds would take all memory. */
#define PATHFILTER_REPEATS 1024

static bool pathfilter_repeats(const char *text)
{
    unsigned long product = 1;
    for (const char *brace = strchr(text, '{'); brace != NULL; brace = strchr(brace + 1, '{')) {
        const char *comma = brace + 1 + strspn(brace + 1, "0123456789");
        unsigned long low = strtoul(brace + 1, NULL, 10);
        unsigned long high = *comma == ',' ? strtoul(comma + 1, NULL, 10) : 0;
        unsigned long most = low > high ? low : high;
        if (most > PATHFILTER_REPEATS || product * (most + 1) > PATHFILTER_REPEATS) {
            return false;
        }
        product *= most > 1 ? most : 1;
    }
    return true;
}

bool pathfilter_set(struct pathfilter *filter, enum pathfilter_kind kind, const char *text,
                    struct failure *failure)
{
    if (filter->texts[kind] != NULL) {
        regfree(&filter->expressions[kind]);
        filter->texts[kind] = NULL;
    }
    if (!pathfilter_repeats(text)) {
        return failure_set(failure, "'%s' repeats more than %d times", text, PATHFILTER_REPEATS);
    }
    int error = regcomp(&filter->expressions[kind], text, REG_EXTENDED | REG_NOSUB);
    if (error != 0) {
        char reason[128];
        regerror(error, &filter->expressions[kind], reason, sizeof reason);
        return failure_set(failure, "'%s' is not a regular expression: %s", text, reason);
    }
    filter->texts[kind] = text;
    return true;
}

void pathfilter_free(struct pathfilter *filter)
{
    for (int kind = 0; kind < PATHFILTER_KINDS; kind++) {
        if (filter->texts[kind] != NULL) {
            regfree(&filter->expressions[kind]);
            filter->texts[kind] = NULL;
        }
    }
}

bool pathfilter_used(const struct pathfilter *filter)
{
    for (int kind = 0; kind < PATHFILTER_KINDS; kind++) {
        if (filter->texts[kind] != NULL) {
            return true;
        }
    }
    return false;
}

static bool pathfilter_matches(const regex_t *expression, const char *text)
{
    return text != NULL && regexec(expression, text, 0, NULL, 0) == 0;
}

unsigned pathfilter_match(const struct pathfilter *filter, const struct profile *profile,
                          const struct callpath_entry *entry)
{
    const struct symbol *symbol = entry->symbol;
    const struct module *module =
        &profile->modules.items[profile->frames.items[entry->frame].module];
    const char *const names[] = {symbol != NULL ? symbol->function : NULL,
                                 symbol != NULL ? symbol->file : NULL,
                                 profile_basename(module->path)};
    unsigned found = 0;
    if (entry->frame == 0) {
        return 0;
    }
    for (int kind = 0; kind < PATHFILTER_KINDS; kind++) {
        for (int i = 0; filter->texts[kind] != NULL && i < 3; i++) {
            if (pathfilter_matches(&filter->expressions[kind], names[i])) {
                found |= 1u << kind;
                break;
            }
        }
    }
    return found;
}

unsigned pathfilter_match_text(const struct pathfilter *filter, const char *text)
{
    unsigned found = 0;
    for (int kind = 0; kind < PATHFILTER_KINDS; kind++) {
        if (filter->texts[kind] != NULL && pathfilter_matches(&filter->expressions[kind], text)) {
            found |= 1u << kind;
        }
    }
    return found;
}
