/* SPDX-License-Identifier: MIT */
#include "cli/launch_flags.h"

#include "cli/launch_text.h"
#include "common/optiontable.h"
#include "mmtrace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Valgrind's flags that change nothing here: what they ask for is always done, or never. */
static const char *const ignored[] = {"track_origins",
                                      "undef_value_errors",
                                      "partial_loads_ok",
                                      "read_var_info",
                                      "read_inline_info",
                                      "demangle",
                                      "redzone_size",
                                      "freelist_vol",
                                      "freelist_big_blocks",
                                      "keep_stacktraces",
                                      "keep_debuginfo",
                                      "leak_resolution",
                                      "child_silent_after_fork",
                                      "vgdb",
                                      "vgdb_error",
                                      "track_fds",
                                      "time_stamp",
                                      "error_limit",
                                      "error_markers",
                                      "smc_check",
                                      "fair_sched",
                                      "max_stackframe",
                                      "main_stacksize",
                                      "run_libc_freeres",
                                      "run_cxx_freeres",
                                      "sim_hints",
                                      "show_below_main",
                                      "fullpath_after",
                                      "show_mismatched_frees",
                                      "expensive_definedness_checks",
                                      "malloc_fill",
                                      "free_fill",
                                      "verbose",
                                      "sigill_diagnostics",
                                      "input_fd",
                                      "trace_children_skip",
                                      "leak_check_heuristics",
                                      "default_suppressions",
                                      "extra_debuginfo_path",
                                      "allow_mismatched_debuginfo",
                                      "exit_on_first_error",
                                      "show_error_list",
                                      "xml_user_comment",
                                      NULL};

static enum launch_flag launch_flags_bad(const char *key, const char *value, const char *what)
{
    launch_fail("option '--%s': '%s' is not %s", key, value != NULL ? value : "", what);
    return LAUNCH_FLAG_BAD;
}

/* --KEY or --KEY=VALUE (NULL: none), and what it is to set. */
struct launch_flag_call {
    struct launch_flags *flags;
    const char *key, *value;
    struct launch_flag_option *option;
};

/* A flag, bound to what it sets. */
struct launch_flag_row {
    const char *key; /* NULL: any, `take` looks at it */
    enum launch_flag (*take)(const struct launch_flag_call *call,
                             const struct launch_flag_row *row);
    size_t offset; /* of the field in struct launch_flags */
    bool inverse; /* the field is true where the flag says no */
    const char *help; /* NULL: one of Valgrind's */
};

static void *launch_flags_field(const struct launch_flag_call *call,
                                const struct launch_flag_row *row)
{
    return (char *)call->flags + row->offset;
}

/* Whether the flag says yes, as one does without a value. */
static enum launch_flag launch_flags_yes(const struct launch_flag_call *call, bool *yes)
{
    int64_t on = 1;
    if (call->value != NULL && strcmp(call->value, "all") != 0 && !option_bool(call->value, &on))
        return launch_flags_bad(call->key, call->value, "yes or no");
    *yes = on != 0;
    return LAUNCH_FLAG_TAKEN;
}

static enum launch_flag launch_flags_switch(const struct launch_flag_call *call,
                                            const struct launch_flag_row *row)
{
    bool yes = false;
    enum launch_flag result = launch_flags_yes(call, &yes);
    if (result == LAUNCH_FLAG_TAKEN)
        *(bool *)launch_flags_field(call, row) = yes != row->inverse;
    return result;
}

static enum launch_flag launch_flags_own(const struct launch_flag_call *call,
                                         const struct launch_flag_row *row)
{
    call->flags->no_system_programs = false;
    return launch_flags_switch(call, row);
}

static enum launch_flag launch_flags_file(const struct launch_flag_call *call,
                                          const struct launch_flag_row *row)
{
    if (call->value == NULL || *call->value == '\0')
        return launch_flags_bad(call->key, call->value, "a file");
    *(const char **)launch_flags_field(call, row) = call->value;
    return LAUNCH_FLAG_TAKEN;
}

static enum launch_flag launch_flags_list(const struct launch_flag_call *call,
                                          const struct launch_flag_row *row)
{
    struct textbuf *list = launch_flags_field(call, row);
    if (call->value == NULL || *call->value == '\0')
        return launch_flags_bad(call->key, call->value, "a file");
    char *path = launch_absolute(call->value);
    textbuf_format(list, "%s\n", path);
    free(path);
    return LAUNCH_FLAG_TAKEN;
}

static enum launch_flag launch_flags_export(const struct launch_flag_call *call,
                                            const struct launch_flag_row *row)
{
    (void)row;
    for (int format = 0; format < EXPORTING_FORMATS; format++) {
        const char *name = exporting_names[format];
        bool same = strlen(name) == strlen(call->key);
        for (size_t i = 0; same && name[i] != '\0'; i++)
            same = call->key[i] == name[i] || (call->key[i] == '_' && name[i] == '-');
        if (!same)
            continue;
        const char *file = call->value != NULL ? call->value : exporting_formats[format].standard;
        if (file == NULL || *file == '\0')
            return launch_flags_bad(name, call->value, "a file");
        call->flags->exports[format] = file;
        return LAUNCH_FLAG_TAKEN;
    }
    return LAUNCH_FLAG_UNKNOWN;
}

/* Valgrind's lists of kinds. */
static bool launch_flags_kinds(const char *list, unsigned *kinds)
{
    static const char *const words[] = {"definite", "indirect", "possible", "reachable", "all"};
    *kinds = 0;
    for (const char *next = list; *next != '\0';) {
        size_t length = strcspn(next, ",");
        bool known = length == 4 && memcmp(next, "none", 4) == 0;
        for (unsigned i = 0; i < 5; i++) {
            if (strlen(words[i]) == length && memcmp(next, words[i], length) == 0) {
                *kinds |= i == MMT_LEAK_KINDS ? (1u << MMT_LEAK_KINDS) - 1 : 1u << i;
                known = true;
            }
        }
        if (!known)
            return false;
        next += length + (next[length] == ',');
    }
    return true;
}

static const char *launch_flags_counted(unsigned kinds)
{
    return (kinds >> MMT_LEAK_REACHABLE & 1) != 0  ? "reachable"
           : (kinds >> MMT_LEAK_POSSIBLE & 1) != 0 ? "possible"
                                                   : "definite";
}

/* --show-leak-kinds and --errors-for-leak-kinds */
static enum launch_flag launch_flags_leak_kinds(const struct launch_flag_call *call,
                                                const struct launch_flag_row *row)
{
    unsigned kinds;
    (void)row;
    if (!launch_flags_kinds(call->value != NULL ? call->value : "", &kinds))
        return launch_flags_bad(call->key, call->value, "a list of kinds of leaks");
    if (call->key[0] == 's')
        call->flags->show_kinds |= kinds;
    else
        *call->option = (struct launch_flag_option){"leak_kinds", launch_flags_counted(kinds)};
    return LAUNCH_FLAG_TAKEN;
}

/* --show-reachable and --show-possibly-lost, of old versions: what is reachable is less lost. */
static enum launch_flag launch_flags_show(const struct launch_flag_call *call,
                                          const struct launch_flag_row *row)
{
    bool yes = false;
    enum launch_flag result = launch_flags_yes(call, &yes);
    unsigned kinds = 1u << MMT_LEAK_POSSIBLE;
    kinds |= strcmp(row->key, "show_reachable") == 0 ? 1u << MMT_LEAK_REACHABLE : 0;
    call->flags->show_kinds |= yes ? kinds : 0;
    return result;
}

static enum launch_flag launch_flags_tool(const struct launch_flag_call *call,
                                          const struct launch_flag_row *row)
{
    (void)row;
    call->flags->valgrind = true;
    return call->value != NULL && strcmp(call->value, "memcheck") == 0
               ? LAUNCH_FLAG_TAKEN
               : launch_flags_bad(call->key, call->value, "memcheck");
}

static enum launch_flag launch_flags_log(const struct launch_flag_call *call,
                                         const struct launch_flag_row *row)
{
    (void)row;
    if (call->value == NULL || *call->value == '\0')
        return launch_flags_bad(call->key, call->value, "a file");
    *call->option = (struct launch_flag_option){"log", call->value};
    return LAUNCH_FLAG_TAKEN;
}

/* Its words; others are those of libguard's option. */
static enum launch_flag launch_flags_leak_check(const struct launch_flag_call *call,
                                                const struct launch_flag_row *row)
{
    const char *value = call->value != NULL ? call->value : "";
    (void)row;
    if (strcmp(value, "full") != 0 && strcmp(value, "summary") != 0)
        return LAUNCH_FLAG_UNKNOWN;
    *call->option = (struct launch_flag_option){"leak_check", "1"};
    return LAUNCH_FLAG_TAKEN;
}

static enum launch_flag launch_flags_callers(const struct launch_flag_call *call,
                                             const struct launch_flag_row *row)
{
    const char *value = call->value != NULL ? call->value : "";
    (void)row;
    *call->option = (struct launch_flag_option){"depth", atol(value) > 256 ? "256" : value};
    return LAUNCH_FLAG_TAKEN;
}

static enum launch_flag launch_flags_xml_file(const struct launch_flag_call *call,
                                              const struct launch_flag_row *row)
{
    (void)row;
    if (call->value == NULL || *call->value == '\0')
        return LAUNCH_FLAG_UNKNOWN;
    call->flags->exports[EXPORTING_VALGRIND_XML] = call->value;
    return LAUNCH_FLAG_TAKEN;
}

/* Where a field is; a compiler warns if it has another type. */
#define FIELD(type, field)                                                                         \
    .offset = offsetof(struct launch_flags, field) +                                               \
              0 * sizeof((type *)NULL == &((struct launch_flags *)NULL)->field)

/* In the order of the help text. */
static const struct launch_flag_row launch_flags_rows[] = {
    {"suppressions", launch_flags_list, FIELD(struct textbuf, suppressions),
     .help = "  --suppressions=FILE   leave out what FILE lists; LeakSanitizer's, Valgrind's and "
             "mmguard's own lists\n"
             "                        are understood. May be given again\n"},
    {"gen_suppressions", launch_flags_switch, FIELD(bool, generate),
     .help = "  --gen-suppressions    print a line for each finding that would suppress it\n"},
    {"gate", launch_flags_file, FIELD(const char *, gate),
     .help = "  --gate=BASELINE       fail only for what is new or has grown since mmreport "
             "baseline wrote BASELINE\n"},
    {NULL, launch_flags_export, .help = "  write the findings in this form as well:\n"},
    {"children", launch_flags_switch, FIELD(bool, only_program), .inverse = true,
     .help = "  --children=no         only the program itself counts, not what it starts\n"},
    {"own", launch_flags_own, FIELD(bool, own),
     .help = "  --own                 what only programs and libraries of the system have part in "
             "counts as suppressed;\n"
             "                        =no: leaks of programs of the system that the program starts "
             "count as well\n"},
    {"gdb", launch_flags_switch, FIELD(bool, gdb),
     .help = "  --gdb                 run the program in gdb and stop where an error is made\n"},
    {"valgrind", launch_flags_switch, FIELD(bool, valgrind),
     .help = "  --valgrind            report as Valgrind does; --tool=memcheck is the same, and "
             "Valgrind's common\n"
             "                        flags are understood\n"},
    /* Those of Valgrind that mean something here. */
    {.key = "tool", .take = launch_flags_tool},
    {.key = "log_file", .take = launch_flags_log},
    {.key = "leak_check", .take = launch_flags_leak_check},
    {.key = "show_reachable", .take = launch_flags_show},
    {.key = "show_possibly_lost", .take = launch_flags_show},
    {.key = "show_leak_kinds", .take = launch_flags_leak_kinds},
    {.key = "errors_for_leak_kinds", .take = launch_flags_leak_kinds},
    {.key = "num_callers", .take = launch_flags_callers},
    {"trace_children", launch_flags_switch, FIELD(bool, only_program), .inverse = true},
    {"xml", launch_flags_switch, FIELD(bool, xml)},
    {.key = "xml_file", .take = launch_flags_xml_file},
};

#define LAUNCH_FLAGS_ROWS (sizeof launch_flags_rows / sizeof *launch_flags_rows)

enum launch_flag launch_flags_take(struct launch_flags *flags, const char *key, const char *value,
                                   struct launch_flag_option *option)
{
    const struct launch_flag_call call = {flags, key, value, option};
    *option = (struct launch_flag_option){NULL, NULL};
    for (size_t i = 0; i < LAUNCH_FLAGS_ROWS; i++) {
        const struct launch_flag_row *row = &launch_flags_rows[i];
        if (row->key == NULL || strcmp(row->key, key) == 0) {
            enum launch_flag result = row->take(&call, row);
            if (result != LAUNCH_FLAG_UNKNOWN)
                return result;
        }
    }
    for (size_t i = 0; ignored[i] != NULL; i++)
        if (strcmp(key, ignored[i]) == 0)
            return LAUNCH_FLAG_TAKEN;
    return LAUNCH_FLAG_UNKNOWN;
}

size_t launch_flags_names(const char *names[LAUNCH_FLAGS_MOST])
{
    size_t count = 0;
    for (size_t i = 0; i < LAUNCH_FLAGS_ROWS; i++)
        if (launch_flags_rows[i].key != NULL && launch_flags_rows[i].help != NULL)
            names[count++] = launch_flags_rows[i].key;
    for (size_t i = 0; i < EXPORTING_FORMATS; i++)
        names[count++] = exporting_names[i];
    return count;
}

_Static_assert(LAUNCH_FLAGS_ROWS + EXPORTING_FORMATS <= LAUNCH_FLAGS_MOST, "room for all names");

void launch_flags_help(void)
{
    for (size_t i = 0; i < LAUNCH_FLAGS_ROWS; i++) {
        fputs(launch_flags_rows[i].help != NULL ? launch_flags_rows[i].help : "", stdout);
        for (int format = 0; launch_flags_rows[i].key == NULL && format < EXPORTING_FORMATS;
             format++) {
            const struct export_format *row = &exporting_formats[format];
            char *flag =
                xalloc_format("--%s%s", row->name, row->standard != NULL ? "[=FILE]" : "=FILE");
            printf("    %-19s %s\n", flag, row->help);
            free(flag);
        }
    }
}
