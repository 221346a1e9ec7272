/* SPDX-License-Identifier: MIT */
#include "cli/arguments_values.h"

#include "cli/outcome.h"
#include "sym/debuginfod.h"
#include "util/failure.h"
#include "util/xalloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The field that a row is bound to. */
static void *arguments_field(struct arguments *arguments, const struct arguments_entry *row)
{
    return (char *)arguments + row->offset;
}

/* The index of `word` (of `length` bytes) in a list that ends with NULL, or -1. */
static int arguments_word(const char *const *words, const char *word, size_t length)
{
    for (int i = 0; words[i] != NULL; i++)
        if (strlen(words[i]) == length && memcmp(words[i], word, length) == 0)
            return i;
    return -1;
}

static bool arguments_choice(const char *option, const char *value, const char *const *words,
                             int *choice)
{
    *choice = arguments_word(words, value, strlen(value));
    if (*choice >= 0)
        return true;
    char *list = xalloc_format("%s", words[0]);
    for (int i = 1; words[i] != NULL; i++) {
        char *longer =
            xalloc_format("%s%s%s", list, words[i + 1] != NULL ? ", " : " or ", words[i]);
        free(list);
        list = longer;
    }
    failure_warn("--%s: '%s' is not %s", option, value, list);
    free(list);
    return false;
}

static bool arguments_number(const char *option, const char *value, double most, double *number)
{
    char *end;
    errno = 0;
    *number = strtod(value, &end);
    if (end == value || *end != '\0' || errno != 0 || !(*number >= 0 && *number <= most)) {
        failure_warn("--%s: '%s' is not a number from 0 to %.0f", option, value, most);
        return false;
    }
    return true;
}

static bool arguments_failed(const char *option, struct failure *failure)
{
    failure_warn("--%s: %s", option, failure->text);
    failure_free(failure);
    return false;
}

bool arguments_switch(struct arguments *arguments, const struct arguments_entry *row,
                      const char *value)
{
    (void)value;
    *(bool *)arguments_field(arguments, row) = true;
    return true;
}

bool arguments_text(struct arguments *arguments, const struct arguments_entry *row,
                    const char *value)
{
    *(const char **)arguments_field(arguments, row) = value;
    return true;
}

bool arguments_count(struct arguments *arguments, const struct arguments_entry *row,
                     const char *value)
{
    double number;
    if (!arguments_number(row->name, value, row->most, &number))
        return false;
    *(unsigned *)arguments_field(arguments, row) = (unsigned)number;
    return true;
}

bool arguments_percent(struct arguments *arguments, const struct arguments_entry *row,
                       const char *value)
{
    return arguments_number(row->name, value, 100, arguments_field(arguments, row));
}

bool arguments_index(struct arguments *arguments, const struct arguments_entry *row,
                     const char *value)
{
    return arguments_choice(row->name, value, row->words, arguments_field(arguments, row));
}

bool arguments_chosen(struct arguments *arguments, const struct arguments_entry *row,
                      const char *value)
{
    int choice;
    if (!arguments_choice(row->name, value, row->words, &choice))
        return false;
    *(const char **)arguments_field(arguments, row) = row->words[choice];
    return true;
}

bool arguments_list(struct arguments *arguments, const struct arguments_entry *row,
                    const char *value)
{
    textbuf_format(arguments_field(arguments, row), "%s\n", value);
    return true;
}

bool arguments_kinds(struct arguments *arguments, const struct arguments_entry *row,
                     const char *value)
{
    static const char *const words[] = {"definite",  "indirect", "possible",
                                        "reachable", "all",      NULL};
    arguments->has_kinds = true;
    arguments->kinds = 0;
    for (const char *next = value;; next++) {
        size_t length = strcspn(next, ",");
        int word = arguments_word(words, next, length);
        if (word < 0) {
            failure_warn("--%s: '%.*s' is not definite, indirect, possible, reachable or all",
                         row->name, (int)length, next);
            return false;
        }
        arguments->kinds |= word == MMT_LEAK_KINDS ? LEAKTREE_ALL_KINDS : 1u << word;
        next += length;
        if (*next == '\0')
            return true;
    }
}

bool arguments_leak_kinds(struct arguments *arguments, const struct arguments_entry *row,
                          const char *value)
{
    static const char *const leaks[] = {"definite", "possible", "reachable", NULL};
    int choice;
    if (!arguments_choice(row->name, value, leaks, &choice))
        return false;
    arguments->kinds = outcome_kinds(choice);
    return true;
}

bool arguments_filter(struct arguments *arguments, const struct arguments_entry *row,
                      const char *value)
{
    struct failure failure = {0};
    return pathfilter_set(&arguments->filter, row->filter, value, &failure) ||
           arguments_failed(row->name, &failure);
}

bool arguments_path_map(struct arguments *arguments, const struct arguments_entry *row,
                        const char *value)
{
    struct failure failure = {0};
    return symsearch_add_map(&arguments->search, value, &failure) ||
           arguments_failed(row->name, &failure);
}

bool arguments_limit(struct arguments *arguments, const struct arguments_entry *row,
                     const char *value)
{
    if (!gate_policy_set(&arguments->policy, row->name, value)) {
        failure_warn("--%s: '%s' is not %s", row->name, value,
                     strchr(row->value, ':') != NULL ? "a kind, ':' and a number" : "a number");
        return false;
    }
    return true;
}

bool arguments_no_cache(struct arguments *arguments, const struct arguments_entry *row,
                        const char *value)
{
    (void)row;
    (void)value;
    free((char *)arguments->search.cache);
    arguments->search.cache = NULL;
    return true;
}

bool arguments_debuginfod(struct arguments *arguments, const struct arguments_entry *row,
                          const char *value)
{
    struct failure failure = {0};
    (void)value;
    arguments->search.fetch = debuginfod_start(&failure);
    return arguments->search.fetch || arguments_failed(row->name, &failure);
}
