/* SPDX-License-Identifier: MIT */
#include "cli/arguments.h"

#include "cli/arguments_table.h"
#include "cli/launch_text.h"
#include "cli/outcome.h"
#include "render/exporting.h"
#include "render/style.h"
#include "sym/debuginfod.h"
#include "util/failure.h"
#include "util/xalloc.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Commands that take -o. */
#define WRITERS (ARGUMENTS_MERGE | ARGUMENTS_BASELINE | ARGUMENTS_EXPORT)

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
        *kinds |= word == MMT_LEAK_KINDS ? LEAKTREE_ALL_KINDS : 1u << word;
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
    if (*choice >= 0) {
        return true;
    }
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

static bool arguments_count(const char *option, const char *value, double most, unsigned *count)
{
    double number;
    if (!arguments_number(option, value, most, &number)) {
        return false;
    }
    *count = (unsigned)number;
    return true;
}

static bool arguments_failed(const char *option, struct failure *failure)
{
    failure_warn("--%s: %s", option, failure->text);
    failure_free(failure);
    return false;
}

static bool arguments_filter(struct arguments *arguments, const char *name,
                             enum pathfilter_kind kind)
{
    struct failure failure = {0};
    return pathfilter_set(&arguments->filter, kind, optarg, &failure) ||
           arguments_failed(name, &failure);
}

/* Options that choose between words. */
static bool arguments_words(struct arguments *arguments, const struct arguments_entry *entry)
{
    static const char *const colors[] = {"auto", "always", "never", NULL};
    static const char *const leaks[] = {"definite", "possible", "reachable", NULL};
    static const char *const groups[] = {"function", "line",    "file", "module",
                                         "thread",   "process", NULL};
    static const char *const sorts[] = {"bytes", "blocks", "name", NULL};
    static const char *const readers[] = {"libdw", "libdwarf", NULL};
    int choice;
    switch (entry->id) {
    case OPTION_COLOR:
        return arguments_choice(entry->name, optarg, colors, &arguments->color);
    case OPTION_GROUP:
        return arguments_choice(entry->name, optarg, groups, &arguments->group);
    case OPTION_SORT:
        arguments->has_sort = true;
        return arguments_choice(entry->name, optarg, sorts, &arguments->sort);
    case OPTION_METRIC:
        return arguments_choice(entry->name, optarg, metric_names, &arguments->metric);
    case OPTION_FORMAT:
        return arguments_choice(entry->name, optarg, exporting_names, &arguments->format);
    case OPTION_DWARF:
        if (!arguments_choice(entry->name, optarg, readers, &choice)) {
            return false;
        }
        arguments->search.backend = readers[choice];
        return true;
    default:
        if (!arguments_choice(entry->name, optarg, leaks, &choice)) {
            return false;
        }
        arguments->kinds = outcome_kinds(choice);
        return true;
    }
}

static bool arguments_valued(struct arguments *arguments, const struct arguments_entry *entry)
{
    struct failure failure = {0};
    switch (entry->id) {
    case OPTION_KIND:
        arguments->has_kinds = true;
        return arguments_kinds(optarg, &arguments->kinds);
    case OPTION_MIN:
        arguments->has_min = true;
        return arguments_number(entry->name, optarg, 100, &arguments->min_percent);
    case OPTION_DEPTH:
        return arguments_count(entry->name, optarg, 1000000, &arguments->depth);
    case OPTION_LIMIT:
        return arguments_count(entry->name, optarg, 1000000000, &arguments->limit);
    case OPTION_SOURCE:
        return arguments_count(entry->name, optarg, 1000, &arguments->source_lines);
    case OPTION_FOCUS:
        return arguments_filter(arguments, entry->name, PATHFILTER_FOCUS);
    case OPTION_IGNORE:
        return arguments_filter(arguments, entry->name, PATHFILTER_IGNORE);
    case OPTION_HIDE:
        return arguments_filter(arguments, entry->name, PATHFILTER_HIDE);
    case OPTION_SHOW_FROM:
        return arguments_filter(arguments, entry->name, PATHFILTER_SHOW_FROM);
    case OPTION_SYSROOT:
        arguments->search.sysroot = optarg;
        return true;
    case OPTION_DEBUG_DIR:
        arguments->search.debug = optarg;
        return true;
    case OPTION_OUTPUT:
        arguments->output = optarg;
        return true;
    case OPTION_BASELINE:
        arguments->baseline = optarg;
        return true;
    case OPTION_POLICY:
        arguments->policy_file = optarg;
        return true;
    case OPTION_UPDATE:
        arguments->update = optarg;
        return true;
    case OPTION_ROOT:
        arguments->root = optarg;
        return true;
    case OPTION_MAX_NEW:
    case OPTION_MAX_GROWN:
    case OPTION_MAX_COUNT:
    case OPTION_MAX_BYTES:
    case OPTION_MAX:
        if (!gate_policy_set(&arguments->policy, entry->name, optarg)) {
            failure_warn("--%s: '%s' is not %s", entry->name, optarg,
                         entry->id == OPTION_MAX ? "a kind, ':' and a number" : "a number");
            return false;
        }
        return true;
    case OPTION_SUPPRESSIONS:
        textbuf_format(&arguments->suppressions, "%s\n", optarg);
        return true;
    case OPTION_PATH_MAP:
        return symsearch_add_map(&arguments->search, optarg, &failure) ||
               arguments_failed(entry->name, &failure);
    default:
        return arguments_words(arguments, entry);
    }
}

static void arguments_drop_cache(struct arguments *arguments)
{
    free((char *)arguments->search.cache);
    arguments->search.cache = NULL;
}

static bool arguments_option(struct arguments *arguments, enum arguments_id option)
{
    for (size_t i = 0; i < arguments_table_size; i++) {
        if (arguments_table[i].id == option && arguments_table[i].value != NULL) {
            return arguments_valued(arguments, &arguments_table[i]);
        }
    }
    arguments->json |= option == OPTION_JSON;
    arguments->invert |= option == OPTION_INVERT;
    arguments->all_frames |= option == OPTION_ALL_FRAMES;
    arguments->full_names |= option == OPTION_FULL_NAMES;
    arguments->no_fold |= option == OPTION_NO_FOLD;
    arguments->no_symbols |= option == OPTION_NO_SYMBOLS;
    arguments->arguments |= option == OPTION_ARGUMENTS;
    arguments->no_leaks |= option == OPTION_NO_LEAKS;
    arguments->own |= option == OPTION_OWN;
    arguments->no_builtin |= option == OPTION_NO_BUILTIN;
    arguments->accept |= option == OPTION_ACCEPT;
    arguments->help |= option == OPTION_HELP;
    if (option == OPTION_NO_CACHE) {
        arguments_drop_cache(arguments);
    }
    if (option == OPTION_DEBUGINFOD) {
        struct failure failure = {0};
        arguments->search.fetch = debuginfod_start(&failure);
        return arguments->search.fetch || arguments_failed("debuginfod", &failure);
    }
    return true;
}

/* What a metric says about kinds and order. */
static bool arguments_metric(struct arguments *arguments)
{
    enum metric metric = (enum metric)arguments->metric;
    const char *wrong = !metric_of_sites(metric)           ? NULL
                        : arguments->has_kinds             ? "--kind"
                        : arguments->group == PATHS_THREAD ? "--group-by=thread"
                                                           : NULL;
    if (wrong != NULL) {
        failure_warn("%s: --metric=%s is counted by call stack, without kinds of leaks and threads",
                     wrong, metric_names[metric]);
        return false;
    }
    if (metric_of_sites(metric)) {
        arguments->kinds = 0;
    } else if (metric == METRIC_LIVE && !arguments->has_kinds) {
        arguments->kinds = LEAKTREE_ALL_KINDS;
    }
    if (metric_counts(metric) && !arguments->has_sort) {
        arguments->sort = LEAKTREE_BY_BLOCKS;
    }
    return true;
}

/* What is left after the options. */
static bool arguments_rest(struct arguments *arguments, enum arguments_command command, int argc,
                           char **argv)
{
    if (command == ARGUMENTS_FUNCTION && optind < argc) {
        arguments->function = argv[optind++];
    }
    arguments->files = argv + optind;
    arguments->file_count = (size_t)(argc - optind);
    if (arguments->help || command == ARGUMENTS_FINDING) {
        return true;
    }
    if (command == ARGUMENTS_FUNCTION && arguments->function == NULL) {
        failure_warn("%s: no function given; see 'mmreport help'", argv[0]);
    } else if (command == ARGUMENTS_DIFF && arguments->file_count != 2) {
        failure_warn("%s: two traces or directories are needed, BEFORE and AFTER", argv[0]);
    } else if (command == ARGUMENTS_EXPORT && arguments->format < 0) {
        failure_warn("%s: no --format given; see 'mmreport help'", argv[0]);
    } else if (command == ARGUMENTS_MERGE && arguments->output == NULL) {
        failure_warn("%s: no --output given; see 'mmreport help'", argv[0]);
    } else if (arguments->file_count == 0) {
        failure_warn("%s: no trace file given; see 'mmreport help'", argv[0]);
    } else {
        return true;
    }
    return false;
}

/* What somebody means who knows the options of mmguard or Valgrind. */
static const char *arguments_synonym(const char *name)
{
    static const char *const synonyms[][2] = {
        {"leak-kinds", "kind"},
        {"show-leak-kinds", "kind"},
        {"errors-for-leak-kinds", "kind"},
        {"gate", "baseline"},
        {"builtin-suppressions", "no-builtin-suppressions"},
    };
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++) {
        if (strcmp(name, synonyms[i][0]) == 0) {
            return synonyms[i][1];
        }
    }
    return NULL;
}

/* Says that `word` is no option of the command called `command`, which takes `options`, and which
 * of those comes nearest. */
static void arguments_unknown(const char *command, const char *word, const struct option *options,
                              size_t count)
{
    const char **names = xalloc_zeroed(count + 1, sizeof *names);
    const char *nearest = NULL;
    if (strncmp(word, "--", 2) == 0) {
        char *name = xalloc_text(word + 2, strcspn(word + 2, "="));
        for (char *underscore; (underscore = strchr(name, '_')) != NULL;) {
            *underscore = '-';
        }
        const char *meant = arguments_synonym(name);
        for (size_t i = 0; i < count; i++) {
            names[i] = options[i].name;
            if (meant != NULL && strcmp(names[i], meant) == 0) {
                nearest = meant;
            }
        }
        if (nearest == NULL) {
            nearest = launch_nearest(name, names);
        }
        free(name);
    }
    if (nearest != NULL) {
        failure_warn("%s: unknown option '%s'; did you mean '--%s'?", command, word, nearest);
    } else {
        failure_warn("%s: unknown option '%s'; see 'mmreport %s --help'", command, word, command);
    }
    free(names);
}

bool arguments_read(struct arguments *arguments, enum arguments_command command, int argc,
                    char **argv)
{
    struct option *options = xalloc_zeroed(arguments_table_size + 1, sizeof *options);
    size_t count = 0;
    for (size_t i = 0; i < arguments_table_size; i++) {
        const struct arguments_entry *entry = &arguments_table[i];
        if ((entry->commands & command) != 0) {
            options[count++] =
                (struct option){entry->name, entry->value != NULL, NULL, (int)entry->id};
        }
    }
    *arguments = (struct arguments){
        .kinds = LEAKTREE_COUNTED,
        .group = command == ARGUMENTS_TOP ? PATHS_LINE : PATHS_FUNCTION,
        .limit = UINT32_MAX,
        .format = -1,
    };
    gate_policy_init(&arguments->policy);
    symsearch_init(&arguments->search);
    if (command == ARGUMENTS_FINDING || command == ARGUMENTS_ENDING) {
        /* This runs for somebody else's program, which may have reasons to leave no files. */
        arguments_drop_cache(arguments);
    }
    optind = 0; /* forgets also where in a word the last reader stopped */
    opterr = 0;
    int option;
    bool good = true;
    while (good && (option = getopt_long(argc, argv, (command & WRITERS) != 0 ? ":o:" : ":",
                                         options, NULL)) != -1) {
        if (option == ':') {
            failure_warn("%s: '%s' needs a value", argv[0], argv[optind - 1]);
            good = false;
        } else if (option == '?') {
            arguments_unknown(argv[0], argv[optind - 1], options, count);
            good = false;
        } else {
            good = arguments_option(arguments, option == 'o' ? OPTION_OUTPUT : option);
        }
    }
    free(options);
    return good && arguments_metric(arguments) && arguments_rest(arguments, command, argc, argv);
}

void arguments_free(struct arguments *arguments)
{
    pathfilter_free(&arguments->filter);
    symsearch_free(&arguments->search);
    textbuf_free(&arguments->suppressions);
    gate_policy_free(&arguments->policy);
}
