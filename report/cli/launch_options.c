/* SPDX-License-Identifier: MIT */
#include "cli/launch_options.h"

#include "cli/launch_text.h"
#include "common/optiontable.h"
#include "util/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const help[] = {
#define MM_OPTION(name, type, value, values, help) help,
#include "mmoptions.def"
#undef MM_OPTION
};

/* Names that only the launcher has come after those of the table, so that a suggestion can be any
 * of them. */
static const char *const names[] = {
#define MM_OPTION(name, type, value, values, help) #name,
#include "mmoptions.def"
#undef MM_OPTION
    "error_exitcode", "library", "quiet", "help", "version",
};
#define NAMES (sizeof(names) / sizeof(names[0]))

static char *hyphenated(const char *name)
{
    char *text = xalloc_format("%s", name);
    for (char *c = text; *c; c++)
        if (*c == '_')
            *c = '-';
    return text;
}

/* How an option is called in messages: as it was written, as a flag or as a key. */
struct place {
    const char *prefix; /* "MMGUARD_OPTIONS: " or "" */
    const char *dashes; /* "--" or "" */
    const char *name;
};

static int unknown_option(const struct place *place, const char *key)
{
    const char *candidates[NAMES + LAUNCH_FLAGS_MOST + 1] = {NULL};
    memcpy(candidates, names, (*place->dashes ? NAMES : OPTION_ROWS) * sizeof(names[0]));
    if (*place->dashes)
        launch_flags_names(candidates + NAMES);
    const char *nearest = launch_nearest(key, candidates);
    if (!nearest)
        return launch_fail("%sunknown option '%s%s'; mmguard --help lists all", place->prefix,
                           place->dashes, place->name);
    char *shown = *place->dashes ? hyphenated(nearest) : xalloc_format("%s", nearest);
    int status = launch_fail("%sunknown option '%s%s'; did you mean '%s%s'?", place->prefix,
                             place->dashes, place->name, place->dashes, shown);
    free(shown);
    return status;
}

static int refuse_int(const struct place *place, const struct option_row *row, const char *value)
{
    int low = 0, high = 0;
    sscanf(row->values, "%d..%d", &low, &high);
    return launch_fail("%soption '%s%s': '%s' is not a number from %d to %d", place->prefix,
                       place->dashes, place->name, value, low, high);
}

static int refuse_word(const struct place *place, const struct option_row *row, const char *value)
{
    char *words = xalloc_format("%s", row->values);
    const char *list[16];
    size_t count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(words, "|", &rest); word && count < 15;
         word = strtok_r(NULL, "|", &rest))
        list[count++] = word;
    list[count] = NULL;
    const char *nearest = launch_nearest(value, list);
    int status = nearest
                     ? launch_fail("%soption '%s%s': unknown value '%s'; did you mean '%s'?",
                                   place->prefix, place->dashes, place->name, value, nearest)
                     : launch_fail("%soption '%s%s': unknown value '%s'; it is one of %s",
                                   place->prefix, place->dashes, place->name, value, row->values);
    free(words);
    return status;
}

/* Says what a value should have been. */
static int refuse(const struct place *place, const struct option_row *row, const char *value)
{
    switch (row->type) {
    case OPTION_BOOL:
        return launch_fail("%soption '%s%s': '%s' is not 0 or 1", place->prefix, place->dashes,
                           place->name, value);
    case OPTION_INT:
        return refuse_int(place, row, value);
    case OPTION_ENUM:
        return refuse_word(place, row, value);
    default:
        return launch_fail("%soption '%s%s': '%s' is not one of %s%s", place->prefix, place->dashes,
                           place->name, value, row->values,
                           row->type == OPTION_SIZE  ? " or bytes (K, M, G, T)"
                           : row->type == OPTION_SET ? ", with commas between them, or none"
                                                     : "");
    }
}

/* Checks a value and stores it; `value` must live as long as `options`. */
static int set_option(struct launch_options *options, const struct place *place, int option,
                      const char *value)
{
    const struct option_row *row = &option_rows[option];
    int64_t number = 0;
    if (!option_number(row, value, &number))
        return refuse(place, row, value);
    if (option == OPTION_align && (number & (number - 1)))
        return launch_fail("%soption '%s%s': '%s' is not a power of two", place->prefix,
                           place->dashes, place->name, value);
    if (row->type == OPTION_PATH && !*value && *row->initial)
        return launch_fail("%soption '%s%s' needs a value", place->prefix, place->dashes,
                           place->name);
    options->value[option] = row->type != OPTION_BOOL ? value : number ? "1" : "0";
    return 0;
}

static int read_environment(struct launch_options *options, const char *text)
{
    while (*text) {
        size_t size = strlen(text) + 1;
        char *name = xalloc(size), *value = xalloc(size);
        bool has_value;
        text = option_split(text, name, value, size, &has_value);
        if (!*name && !has_value)
            continue;
        struct place place = {"MMGUARD_OPTIONS: ", "", name};
        int option = option_find(name);
        if (option < 0)
            return unknown_option(&place, name);
        if (!has_value)
            return launch_fail("MMGUARD_OPTIONS: option '%s' needs a value", name);
        int status = set_option(options, &place, option, value);
        if (status)
            return status;
    }
    return 0;
}

static int read_long_flag(struct launch_options *options, const char *argument)
{
    char *name = xalloc_format("%s", argument + 2);
    const char *value = NULL;
    char *equals = strchr(name, '=');
    if (equals) {
        *equals = '\0';
        value = equals + 1;
    }
    char *key = xalloc_format("%s", name);
    for (char *c = key; *c; c++)
        if (*c == '-')
            *c = '_';

    struct place place = {"", "--", name};
    struct launch_flag_option meant;
    switch (launch_flags_take(&options->flags, key, value, &meant)) {
    case LAUNCH_FLAG_BAD:
        return LAUNCH_EXIT_USAGE;
    case LAUNCH_FLAG_TAKEN:
        return meant.name == NULL
                   ? 0
                   : set_option(options, &place, option_find(meant.name), meant.value);
    default:
        break;
    }
    int option = option_find(strcmp(key, "error_exitcode") == 0 ? "exitcode" : key);
    if (option >= 0) {
        if (!value && option_rows[option].type == OPTION_BOOL)
            value = "1";
        if (!value)
            return launch_fail("option '--%s' needs a value: --%s=%s", name, name,
                               *option_rows[option].values ? option_rows[option].values : "PATH");
        return set_option(options, &place, option, value);
    }
    if (strcmp(key, "library") == 0) {
        if (!value || !*value)
            return launch_fail("option '--library' needs a value: --library=PATH");
        options->library = value;
        return 0;
    }
    bool *flag = strcmp(key, "quiet") == 0     ? &options->quiet
                 : strcmp(key, "help") == 0    ? &options->help
                 : strcmp(key, "version") == 0 ? &options->version
                                               : NULL;
    if (!flag)
        return unknown_option(&place, key);
    if (value)
        return launch_fail("option '--%s' takes no value", name);
    *flag = true;
    return 0;
}

int launch_options_read(struct launch_options *options, int argc, char **argv)
{
    *options = (struct launch_options){.flags.no_system_programs = true};
    const char *environment = getenv("MMGUARD_OPTIONS");
    int status = environment ? read_environment(options, environment) : 0;
    int i = 1;
    for (; !status && i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        const char *argument = argv[i];
        if (strcmp(argument, "--") == 0) {
            i++;
            break;
        }
        if (argument[1] == '-') {
            status = read_long_flag(options, argument);
        } else if (strcmp(argument, "-q") == 0) {
            options->quiet = true;
        } else if (strcmp(argument, "-v") == 0) {
            /* Valgrind's: nothing more is to be told. */
        } else if (strcmp(argument, "-h") == 0) {
            options->help = true;
        } else if (argument[1] == 'o') {
            const char *value = argument[2] ? argument + 2 : i + 1 < argc ? argv[++i] : "";
            struct place place = {"", "", "-o"};
            status = set_option(options, &place, OPTION_dir, value);
        } else {
            status = launch_fail("unknown option '%s'; mmguard --help lists all", argument);
        }
    }
    options->program = argv + i;
    return status;
}

const char *launch_options_text(const struct launch_options *options, enum option_index option)
{
    return options->value[option] ? options->value[option] : option_rows[option].initial;
}

int launch_options_number(const struct launch_options *options, enum option_index option)
{
    int64_t number = 0;
    option_number(&option_rows[option], launch_options_text(options, option), &number);
    return (int)number;
}

char *launch_options_join(const struct launch_options *options)
{
    size_t size = 1;
    for (int i = 0; i < OPTION_ROWS; i++)
        if (options->value[i])
            size += strlen(option_rows[i].name) + 2 + 2 * strlen(options->value[i]);
    char *text = xalloc(size);
    char *to = text;
    for (int i = 0; i < OPTION_ROWS; i++) {
        if (!options->value[i])
            continue;
        if (to != text)
            *to++ = ':';
        to = stpcpy(to, option_rows[i].name);
        *to++ = '=';
        for (const char *from = options->value[i]; *from; from++) {
            if (*from == ':' || *from == '\\')
                *to++ = '\\';
            *to++ = *from;
        }
    }
    *to = '\0';
    return text;
}

void launch_options_help(void)
{
    printf("usage: mmguard [options] [--] program [arguments]\n"
           "\n"
           "Runs a program, and the programs it starts, with a guarded heap; reports misuse of "
           "heap memory as it happens\n"
           "and leaks at the end.\n"
           "\n"
           "  -o DIR, --dir=DIR     keep the trace files, in DIR, which is made if it is missing\n"
           "  --error-exitcode=N    exit status when something was found and the program's own was "
           "0;\n"
           "                        0 passes the program's on (default: 23)\n"
           "  -q, --quiet           no report at the end; errors are still shown as they happen,\n"
           "                        unless the option report is none\n"
           "  --library=PATH        libguard.so to use\n");
    launch_flags_help();
    printf(""
           "  -h, --help            this text\n"
           "  --version             the version\n"
           "\n"
           "Every option of libguard.so is a flag too; MMGUARD_OPTIONS=name=value:... sets them as "
           "well:\n"
           "\n");
    for (int i = 0; i < OPTION_ROWS; i++) {
        const struct option_row *row = &option_rows[i];
        char *name = hyphenated(row->name);
        const char *values = row->type == OPTION_BOOL   ? "0|1"
                             : row->type == OPTION_PATH ? "PATH"
                             : row->type == OPTION_SIZE ? "auto|none|BYTES"
                                                        : row->values;
        printf("  --%s=%s\n        %s (default: %s)\n", name, values, help[i],
               *row->initial ? row->initial : "none");
        free(name);
    }
}
