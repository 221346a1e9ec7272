/* SPDX-License-Identifier: MIT */
#include "query/pathfilter.h"

#include <stdlib.h>
#include <string.h>

/* regcomp() copies what is repeated, in more than linear time: a{1000}{1000}, or a row of '+',
 * would take all memory. This is how many elements it may make beside those that are written out.
 */
#define PATHFILTER_ELEMENTS 1024
#define PATHFILTER_DEEPEST  64

struct pathfilter_size {
    uint64_t all,
        last; /* elements of a group so far, and of the last thing in it, which may be repeated */
};

/* Passes over "[...]"; `text` is behind the bracket that opens it. */
static const char *pathfilter_bracket(const char *text)
{
    text += *text == '^';
    text += *text == ']';
    while (*text != '\0' && *text != ']') {
        bool class = *text == '[' && text[1] != '\0' && strchr(".:=", text[1]) != NULL;
        const char *end = class ? strchr(text + 2, ']') : NULL;
        text = end != NULL ? end + 1 : text + 1;
    }
    return text;
}

/* How often "{m,n}" (behind the brace) repeats at most. */
static uint64_t pathfilter_bound(const char *text)
{
    const char *comma = text + strspn(text, "0123456789");
    uint64_t low = strtoull(text, NULL, 10);
    uint64_t high = *comma == ',' ? strtoull(comma + 1, NULL, 10) : 0;
    uint64_t most = (low > high ? low : high) + 1;
    return most < 2 * PATHFILTER_ELEMENTS ? most : 2 * PATHFILTER_ELEMENTS;
}

static void pathfilter_repeat(struct pathfilter_size *size, uint64_t times)
{
    size->all += size->last * (times - 1);
    size->last *= times;
}

static bool pathfilter_affordable(const char *text)
{
    struct pathfilter_size sizes[PATHFILTER_DEEPEST] = {{0}};
    size_t depth = 0, most = PATHFILTER_ELEMENTS + strlen(text);
    for (; *text != '\0'; text++) {
        struct pathfilter_size *size = &sizes[depth];
        if (*text == '(' && depth + 1 == PATHFILTER_DEEPEST)
            return false;
        if (*text == '(') {
            sizes[++depth] = (struct pathfilter_size){0};
        } else if (*text == ')' && depth != 0) {
            depth--;
            sizes[depth].last = size->all + 1;
            sizes[depth].all += size->all + 1;
        } else if (*text == '+') {
            pathfilter_repeat(size, 2);
        } else if (*text == '{') {
            pathfilter_repeat(size, pathfilter_bound(text + 1));
            text += strspn(text, "{0123456789,");
            text -= *text != '}';
        } else if (strchr("*?|", *text) == NULL) {
            text = *text == '[' ? pathfilter_bracket(text + 1) : text + (*text == '\\');
            size->last = 1;
            size->all++;
            if (*text == '\0')
                break;
        }
        if (sizes[depth].all > most)
            return false;
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
    if (!pathfilter_affordable(text))
        return failure_set(failure, "'%s' repeats too much, or is nested too deep", text);
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
    for (int kind = 0; kind < PATHFILTER_KINDS; kind++)
        if (filter->texts[kind] != NULL)
            return true;
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
    if (entry->frame == 0)
        return 0;
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
    for (int kind = 0; kind < PATHFILTER_KINDS; kind++)
        if (filter->texts[kind] != NULL && pathfilter_matches(&filter->expressions[kind], text))
            found |= 1u << kind;
    return found;
}
