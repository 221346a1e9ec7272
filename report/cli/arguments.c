/* SPDX-License-Identifier: MIT */
#include "cli/arguments.h"

#include "cli/outcome.h"
#include "query/leaktree.h"
#include "render/style.h"
#include "util/failure.h"
#include "util/xalloc.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPTION_JSON = 256,
    OPTION_KIND,
    OPTION_MIN,
    OPTION_DEPTH,
    OPTION_INVERT,
    OPTION_ALL_FRAMES,
    OPTION_NO_FOLD,
    OPTION_COLOR,
    OPTION_NO_SYMBOLS,
    OPTION_LEAK_KINDS,
    OPTION_HELP,
};

#define SHOWN (ARGUMENTS_SUMMARY | ARGUMENTS_ERRORS | ARGUMENTS_TREE)

static const struct {
    struct option option;
    unsigned commands;
    const char *value; /* its name in the help text, NULL if the option has none */
    const char *help;  /* NULL: not for users */
} arguments_table[] = {
    {{"json", no_argument, NULL, OPTION_JSON}, SHOWN, NULL, "write JSON instead of text"},
    {{"kind", required_argument, NULL, OPTION_KIND},
     ARGUMENTS_TREE,
     "LIST",
     "leaks of these kinds: definite,indirect,possible,reachable or\n"
     "                    all; default definite,indirect"},
    {{"min", required_argument, NULL, OPTION_MIN},
     ARGUMENTS_TREE,
     "PERCENT",
     "sum up functions with less of all bytes; default 0.5, JSON 0"},
    {{"depth", required_argument, NULL, OPTION_DEPTH}, ARGUMENTS_TREE, "N", "levels to show"},
    {{"invert", no_argument, NULL, OPTION_INVERT},
     ARGUMENTS_TREE,
     NULL,
     "begin at the functions that allocate"},
    {{"all-frames", no_argument, NULL, OPTION_ALL_FRAMES},
     ARGUMENTS_TREE | ARGUMENTS_ERRORS,
     NULL,
     "show the frames of the allocator and of program start"},
    {{"no-hide", no_argument, NULL, OPTION_ALL_FRAMES},
     ARGUMENTS_TREE | ARGUMENTS_ERRORS,
     NULL,
     "the same"},
    {{"no-fold", no_argument, NULL, OPTION_NO_FOLD},
     ARGUMENTS_TREE,
     NULL,
     "one level for every function"},
    {{"color", required_argument, NULL, OPTION_COLOR},
     SHOWN | ARGUMENTS_FINDING | ARGUMENTS_ENDING,
     "WHEN",
     "auto, always or never; default auto"},
    {{"no-symbols", no_argument, NULL, OPTION_NO_SYMBOLS},
     SHOWN | ARGUMENTS_FINDING,
     NULL,
     "show modules and offsets, read no program files"},
    {{"leak-kinds", required_argument, NULL, OPTION_LEAK_KINDS}, ARGUMENTS_ENDING, "KIND", NULL},
    {{"help", no_argument, NULL, OPTION_HELP}, SHOWN, NULL, "show this"},
};

#define ARGUMENTS_OPTIONS (sizeof arguments_table / sizeof *arguments_table)

void arguments_help(void)
{
    fputs("usage: mmreport summary|errors|tree [options] FILE...\n"
          "       mmreport snapshot PID\n"
          "       mmreport help | --version\n"
          "\n"
          "Shows what mmguard recorded. A FILE is a trace (.mmg), or a directory of traces.\n"
          "\n"
          "  summary  what each process did: allocations, errors, leaks\n"
          "  errors   every error with its stacks\n"
          "  tree     leaks by call path, the likely origin first\n"
          "  snapshot ask a running process for a trace, and print its path\n"
          "\n"
          "options\n",
          stdout);
    for (size_t i = 0; i < ARGUMENTS_OPTIONS; i++) {
        const char *name = arguments_table[i].option.name, *value = arguments_table[i].value;
        if (arguments_table[i].help != NULL) {
            char *left =
                value != NULL ? xalloc_format("--%s=%s", name, value) : xalloc_format("--%s", name);
            bool everywhere = (arguments_table[i].commands & SHOWN) == SHOWN;
            bool errors = (arguments_table[i].commands & ARGUMENTS_ERRORS) != 0;
            printf("  %-16s  %s%s\n", left, arguments_table[i].help,
                   everywhere ? ""
                   : errors   ? " (errors, tree)"
                              : " (tree)");
            free(left);
        }
    }
    fputs("\n"
          "Exit status: 0, or 2 if there is no data, it is incomplete, or the usage is wrong.\n",
          stdout);
}

/* The index of `word` (of `length` bytes) in a list that ends with NULL, or -1. */
static int arguments_word(const char *const *words, const char *word, size_t length)
{
    for (int i = 0; words[i] != NULL; i++) {
        if (strlen(words[i]) == length && memcmp(words[i], word, length) == 0) {
            return i;
        }
    }
    return -1;
}

static bool arguments_kinds(const char *list, unsigned *kinds)
{
    static const char *const words[] = {"definite",  "indirect", "possible",
                                        "reachable", "all",      NULL};
    *kinds = 0;
    for (const char *next = list;; next++) {
        size_t length = strcspn(next, ",");
        int word = arguments_word(words, next, length);
        if (word < 0) {
            failure_warn("--kind: '%.*s' is not definite, indirect, possible, reachable or all",
                         (int)length, next);
            return false;
        }
        *kinds |= word == MMT_LEAK_KINDS ? (1u << MMT_LEAK_KINDS) - 1 : 1u << word;
        next += length;
        if (*next == '\0') {
            return true;
        }
    }
}

static bool arguments_choice(const char *option, const char *value, const char *const *words,
                             int *choice)
{
    *choice = arguments_word(words, value, strlen(value));
    if (*choice < 0) {
        failure_warn("--%s: '%s' is not %s, %s or %s", option, value, words[0], words[1], words[2]);
        return false;
    }
    return true;
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

static bool arguments_option(struct arguments *arguments, int option)
{
    static const char *const colors[] = {"auto", "always", "never", NULL};
    static const char *const leaks[] = {"definite", "possible", "reachable", NULL};
    double number;
    int choice;
    switch (option) {
    case OPTION_KIND:
        return arguments_kinds(optarg, &arguments->kinds);
    case OPTION_COLOR:
        return arguments_choice("color", optarg, colors, &arguments->color);
    case OPTION_LEAK_KINDS:
        if (!arguments_choice("leak-kinds", optarg, leaks, &choice)) {
            return false;
        }
        arguments->kinds = outcome_kinds(choice);
        return true;
    case OPTION_MIN:
        arguments->has_min = true;
        return arguments_number("min", optarg, 100, &arguments->min_percent);
    case OPTION_DEPTH:
        if (!arguments_number("depth", optarg, 1000000, &number)) {
            return false;
        }
        arguments->depth = (unsigned)number;
        return true;
    default:
        arguments->json |= option == OPTION_JSON;
        arguments->invert |= option == OPTION_INVERT;
        arguments->all_frames |= option == OPTION_ALL_FRAMES;
        arguments->no_fold |= option == OPTION_NO_FOLD;
        arguments->no_symbols |= option == OPTION_NO_SYMBOLS;
        arguments->help |= option == OPTION_HELP;
        return true;
    }
}

bool arguments_read(struct arguments *arguments, enum arguments_command command, int argc,
                    char **argv)
{
    struct option options[ARGUMENTS_OPTIONS + 1] = {0};
    size_t count = 0;
    for (size_t i = 0; i < ARGUMENTS_OPTIONS; i++) {
        if ((arguments_table[i].commands & command) != 0) {
            options[count++] = arguments_table[i].option;
        }
    }
    *arguments = (struct arguments){.kinds = LEAKTREE_COUNTED};
    optind = 1;
    opterr = 0;
    int option;
    while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
        if (option == '?' || option == ':') {
            failure_warn(option == ':' ? "%s: '%s' needs a value" : "%s: unknown option '%s'",
                         argv[0], argv[optind - 1]);
            return false;
        }
        if (!arguments_option(arguments, option)) {
            return false;
        }
    }
    arguments->files = argv + optind;
    arguments->file_count = (size_t)(argc - optind);
    if (!arguments->help && command != ARGUMENTS_FINDING && arguments->file_count == 0) {
        failure_warn("%s: no trace file given; see 'mmreport help'", argv[0]);
        return false;
    }
    return true;
}
