/* SPDX-License-Identifier: MIT */
#include "cli/launch_options.h"

#include "cli/launch_text.h"
#include "util/xalloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum type { BOOL, INT, ENUM, CHOICE, SIZE, PATH };

static const struct entry {
    const char *name;
    enum type type;
    const char *value, *values, *help;
} table[] = {
#define MM_OPTION(name, type, value, values, help) {#name, type, value, values, help},
#include "mmoptions.def"
#undef MM_OPTION
};

/* Names that only the launcher has come after those of the table, so that a suggestion can be any
 * of them. */
static const char *const names[] = {
#define MM_OPTION(name, type, value, values, help) #name,
#include "mmoptions.def"
#undef MM_OPTION
    NULL};
static const char *const flags[] = {
#define MM_OPTION(name, type, value, values, help) #name,
#include "mmoptions.def"
#undef MM_OPTION
    "error_exitcode",
    "library",
    "quiet",
    "help",
    "version",
    "suppressions",
    "gen_suppressions",
    "gate",
    "children",
    "own",
    "gdb",
    "valgrind",
#define EXPORT_FORMAT(symbol, name, writer, spread, standard, help) name,
#include "render/exports.def"
#undef EXPORT_FORMAT
    NULL};

static int find_option(const char *name)
{
    for (int i = 0; i < LAUNCH_OPTIONS; i++)
        if (strcmp(table[i].name, name) == 0)
            return i;
    return -1;
}

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

static int unknown_option(const struct place *place, const char *key, const char *const *candidates)
{
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

static const char *canonical_bool(const char *value)
{
    static const char *const words[] = {"0", "1", "no", "yes", "false", "true", "off", "on", NULL};
    for (int i = 0; words[i]; i++)
        if (strcmp(value, words[i]) == 0)
            return i % 2 ? "1" : "0";
    return NULL;
}

static int check_int(const struct place *place, enum launch_option option, const char *value)
{
    long low = 0, high = 0;
    sscanf(table[option].values, "%ld..%ld", &low, &high);
    char *end;
    errno = 0;
    long number = strtol(value, &end, 10);
    if (value[strspn(value, "0123456789")] || !*value || errno || number < low || number > high)
        return launch_fail("%soption '%s%s': '%s' is not a number from %ld to %ld", place->prefix,
                           place->dashes, place->name, value, low, high);
    if (option == LAUNCH_align && (number & (number - 1)))
        return launch_fail("%soption '%s%s': '%s' is not a power of two", place->prefix,
                           place->dashes, place->name, value);
    return 0;
}

static int check_enum(const struct place *place, enum launch_option option, const char *value)
{
    char *words = xalloc_format("%s", table[option].values);
    const char *list[16];
    size_t count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(words, "|", &rest); word && count < 15;
         word = strtok_r(NULL, "|", &rest))
        list[count++] = word;
    list[count] = NULL;
    int status = 0;
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], value) == 0)
            goto done;
    const char *nearest = launch_nearest(value, list);
    if (nearest)
        status = launch_fail("%soption '%s%s': unknown value '%s'; did you mean '%s'?",
                             place->prefix, place->dashes, place->name, value, nearest);
    else
        status = launch_fail("%soption '%s%s': unknown value '%s'; it is one of %s", place->prefix,
                             place->dashes, place->name, value, table[option].values);
done:
    free(words);
    return status;
}

static bool is_word_of(const char *value, const char *words)
{
    size_t length = strlen(value);
    for (const char *word = words; *word;) {
        size_t end = strcspn(word, "|");
        if (end == length && memcmp(word, value, length) == 0)
            return true;
        word += end + (word[end] == '|');
    }
    return false;
}

/* The last alternative is the number: a range, with or without a word before it. */
static bool is_choice(const char *value, const char *values)
{
    if (is_word_of(value, values))
        return true;
    const char *range = strrchr(values, '|') + 1;
    size_t word = strcspn(range, "0123456789");
    if (strncmp(value, range, word) != 0)
        return false;
    value += word;
    char *end;
    long low = strtol(range + word, &end, 10), high = strtol(end + 2, NULL, 10);
    errno = 0;
    long number = strtol(value, &end, 10);
    return *value >= '0' && *value <= '9' && !*end && !errno && number >= low && number <= high;
}

static bool is_size(const char *value, const char *words)
{
    if (is_word_of(value, words))
        return true;
    size_t digits = strspn(value, "0123456789");
    const char *unit = value + digits;
    return digits > 0 && digits < 14 && strtoull(value, NULL, 10) > 0 &&
           (!*unit || (strchr("KMGT", *unit) && !unit[1]));
}

static int check_shape(const struct place *place, enum launch_option option, const char *value,
                       bool good)
{
    if (good)
        return 0;
    return launch_fail("%soption '%s%s': '%s' is not one of %s%s", place->prefix, place->dashes,
                       place->name, value, table[option].values,
                       table[option].type == SIZE ? " or bytes (K, M, G, T)" : "");
}

/* Checks a value and stores it; `value` must live as long as `options`. */
static int set_option(struct launch_options *options, const struct place *place,
                      enum launch_option option, const char *value)
{
    int status = 0;
    switch (table[option].type) {
    case BOOL:
        if (!canonical_bool(value))
            return launch_fail("%soption '%s%s': '%s' is not 0 or 1", place->prefix, place->dashes,
                               place->name, value);
        value = canonical_bool(value);
        break;
    case INT:
        status = check_int(place, option, value);
        break;
    case ENUM:
        status = check_enum(place, option, value);
        break;
    case CHOICE:
        status = check_shape(place, option, value, is_choice(value, table[option].values));
        break;
    case SIZE:
        status = check_shape(place, option, value, is_size(value, table[option].values));
        break;
    case PATH:
        if (!*value && *table[option].value)
            return launch_fail("%soption '%s%s' needs a value", place->prefix, place->dashes,
                               place->name);
        break;
    }
    if (!status)
        options->value[option] = value;
    return status;
}

/* Cuts the next key=value off `*rest`, removing escapes in place. Returns NULL at the end. */
static char *next_item(char **rest)
{
    char *item = *rest;
    if (!item)
        return NULL;
    char *to = item;
    for (char *from = item;; from++) {
        if (*from == '\\' && (from[1] == ':' || from[1] == '\\')) {
            *to++ = *++from;
        } else if ((*from == ':' && !(from[1] >= '0' && from[1] <= '9')) || *from == '\0') {
            *rest = *from ? from + 1 : NULL;
            *to = '\0';
            return item;
        } else {
            *to++ = *from;
        }
    }
}

static int read_environment(struct launch_options *options, const char *text)
{
    char *rest = xalloc_format("%s", text);
    for (char *item; (item = next_item(&rest));) {
        if (!*item)
            continue;
        struct place place = {"MMGUARD_OPTIONS: ", "", item};
        char *equals = strchr(item, '=');
        if (equals)
            *equals = '\0';
        int option = find_option(item);
        if (option < 0)
            return unknown_option(&place, item, names);
        if (!equals)
            return launch_fail("MMGUARD_OPTIONS: option '%s' needs a value", item);
        int status = set_option(options, &place, option, equals + 1);
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
                   : set_option(options, &place, find_option(meant.name), meant.value);
    default:
        break;
    }
    int option = find_option(strcmp(key, "error_exitcode") == 0 ? "exitcode" : key);
    if (option >= 0) {
        if (!value && table[option].type == BOOL)
            value = "1";
        if (!value)
            return launch_fail("option '--%s' needs a value: --%s=%s", name, name,
                               *table[option].values ? table[option].values : "PATH");
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
        return unknown_option(&place, key, flags);
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
            status = set_option(options, &place, LAUNCH_dir, value);
        } else {
            status = launch_fail("unknown option '%s'; mmguard --help lists all", argument);
        }
    }
    options->program = argv + i;
    return status;
}

const char *launch_options_text(const struct launch_options *options, enum launch_option option)
{
    return options->value[option] ? options->value[option] : table[option].value;
}

int launch_options_number(const struct launch_options *options, enum launch_option option)
{
    const char *text = launch_options_text(options, option);
    if (table[option].type != ENUM)
        return atoi(text);
    int index = 0;
    size_t length = strlen(text);
    for (const char *word = table[option].values; *word; index++) {
        size_t end = strcspn(word, "|");
        if (end == length && memcmp(word, text, length) == 0)
            break;
        word += end + (word[end] == '|');
    }
    return index;
}

char *launch_options_join(const struct launch_options *options)
{
    size_t size = 1;
    for (int i = 0; i < LAUNCH_OPTIONS; i++)
        if (options->value[i])
            size += strlen(table[i].name) + 2 + 2 * strlen(options->value[i]);
    char *text = xalloc(size);
    char *to = text;
    for (int i = 0; i < LAUNCH_OPTIONS; i++) {
        if (!options->value[i])
            continue;
        if (to != text)
            *to++ = ':';
        to = stpcpy(to, table[i].name);
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
    for (int i = 0; i < LAUNCH_OPTIONS; i++) {
        char *name = hyphenated(table[i].name);
        const char *values = table[i].type == BOOL   ? "0|1"
                             : table[i].type == PATH ? "PATH"
                             : table[i].type == SIZE ? "auto|none|BYTES"
                                                     : table[i].values;
        const char *value = *table[i].value ? table[i].value : "none";
        printf("  --%s=%s\n        %s (default: %s)\n", name, values, table[i].help, value);
        free(name);
    }
}
