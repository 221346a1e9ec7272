/* SPDX-License-Identifier: MIT */
#include "cli/arguments.h"

#include "cli/arguments_values.h"
#include "cli/launch_text.h"
#include "util/failure.h"
#include "util/xalloc.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* What getopt_long() returns for the first row; letters are below. */
#define ARGUMENTS_FIRST 256

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
    if (metric_of_sites(metric))
        arguments->kinds = 0;
    else if (metric == METRIC_LIVE && !arguments->has_kinds)
        arguments->kinds = LEAKTREE_ALL_KINDS;
    if (arguments->sort < 0)
        arguments->sort = metric_counts(metric) ? LEAKTREE_BY_BLOCKS : LEAKTREE_BY_BYTES;
    return true;
}

/* What is left after the options. */
static bool arguments_rest(struct arguments *arguments, enum arguments_command command, int argc,
                           char **argv)
{
    if (command == ARGUMENTS_FUNCTION && optind < argc)
        arguments->function = argv[optind++];
    arguments->files = argv + optind;
    arguments->file_count = (size_t)(argc - optind);
    if (arguments->help || command == ARGUMENTS_FINDING)
        return true;
    if (command == ARGUMENTS_FUNCTION && arguments->function == NULL)
        failure_warn("%s: no function given; see 'mmreport help'", argv[0]);
    else if (command == ARGUMENTS_DIFF && arguments->file_count != 2)
        failure_warn("%s: two traces or directories are needed, BEFORE and AFTER", argv[0]);
    else if (command == ARGUMENTS_EXPORT && arguments->format < 0)
        failure_warn("%s: no --format given; see 'mmreport help'", argv[0]);
    else if (command == ARGUMENTS_MERGE && arguments->output == NULL)
        failure_warn("%s: no --output given; see 'mmreport help'", argv[0]);
    else if (arguments->file_count == 0)
        failure_warn("%s: no trace file given; see 'mmreport help'", argv[0]);
    else
        return true;
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
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
        if (strcmp(name, synonyms[i][0]) == 0)
            return synonyms[i][1];
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
        for (char *underscore; (underscore = strchr(name, '_')) != NULL;)
            *underscore = '-';
        const char *meant = arguments_synonym(name);
        for (size_t i = 0; i < count; i++) {
            names[i] = options[i].name;
            if (meant != NULL && strcmp(names[i], meant) == 0)
                nearest = meant;
        }
        if (nearest == NULL)
            nearest = launch_nearest(name, names);
        free(name);
    }
    if (nearest != NULL)
        failure_warn("%s: unknown option '%s'; did you mean '--%s'?", command, word, nearest);
    else
        failure_warn("%s: unknown option '%s'; see 'mmreport %s --help'", command, word, command);
    free(names);
}

/* The options of a command as getopt_long() wants them: each is its row's index behind all
 * letters. `letters` has room for all of them, and a ':' before each and behind it. Returns how
 * many there are. */
static size_t arguments_options(struct option *options, char *letters,
                                enum arguments_command command)
{
    size_t count = 0;
    *letters++ = ':';
    for (size_t i = 0; i < arguments_table_size; i++) {
        const struct arguments_entry *row = &arguments_table[i];
        if ((row->commands & command) == 0)
            continue;
        options[count++] =
            (struct option){row->name, row->value != NULL, NULL, (int)(ARGUMENTS_FIRST + i)};
        if (row->letter != 0) {
            *letters++ = row->letter;
            *letters++ = ':';
        }
    }
    *letters = '\0';
    return count;
}

/* The row of what getopt_long() returned. */
static const struct arguments_entry *arguments_row(int option)
{
    size_t row = (size_t)option - ARGUMENTS_FIRST;
    if (option < ARGUMENTS_FIRST) {
        for (row = 0; arguments_table[row].letter != option; row++) {
        }
    }
    return &arguments_table[row];
}

bool arguments_read(struct arguments *arguments, enum arguments_command command, int argc,
                    char **argv)
{
    struct option *options = xalloc_zeroed(arguments_table_size + 1, sizeof *options);
    char *letters = xalloc_zeroed(2 * arguments_table_size + 2, 1);
    size_t count = arguments_options(options, letters, command);
    *arguments = (struct arguments){
        .kinds = LEAKTREE_COUNTED,
        .group = command == ARGUMENTS_TOP ? PATHS_LINE : PATHS_FUNCTION,
        .sort = -1,
        .min_percent = -1,
        .limit = UINT32_MAX,
        .format = -1,
    };
    gate_policy_init(&arguments->policy);
    symsearch_init(&arguments->search);
    if (command == ARGUMENTS_FINDING || command == ARGUMENTS_ENDING) {
        /* This runs for somebody else's program, which may have reasons to leave no files. */
        arguments_no_cache(arguments, NULL, NULL);
    }
    optind = 0; /* forgets also where in a word the last reader stopped */
    opterr = 0;
    int option;
    bool good = true;
    while (good && (option = getopt_long(argc, argv, letters, options, NULL)) != -1) {
        if (option == ':') {
            failure_warn("%s: '%s' needs a value", argv[0], argv[optind - 1]);
            good = false;
        } else if (option == '?') {
            arguments_unknown(argv[0], argv[optind - 1], options, count);
            good = false;
        } else {
            const struct arguments_entry *row = arguments_row(option);
            good = row->read(arguments, row, optarg);
        }
    }
    free(options);
    free(letters);
    return good && arguments_metric(arguments) && arguments_rest(arguments, command, argc, argv);
}

void arguments_free(struct arguments *arguments)
{
    pathfilter_free(&arguments->filter);
    symsearch_free(&arguments->search);
    textbuf_free(&arguments->suppressions);
    gate_policy_free(&arguments->policy);
}
