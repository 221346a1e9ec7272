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

static enum launch_flag launch_flags_switch(bool *flag, const char *key, const char *value,
                                            bool inverse)
{
    int64_t on = 1;
    if (value != NULL && strcmp(value, "all") != 0 && !option_bool(value, &on)) {
        return launch_flags_bad(key, value, "yes or no");
    }
    *flag = (on != 0) != inverse;
    return LAUNCH_FLAG_TAKEN;
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
        if (!known) {
            return false;
        }
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

static enum launch_flag launch_flags_log(struct launch_flag_option *option, const char *key,
                                         const char *value)
{
    if (value == NULL || *value == '\0') {
        return launch_flags_bad(key, value, "a file");
    }
    *option = (struct launch_flag_option){"log", value};
    return LAUNCH_FLAG_TAKEN;
}

/* Flags of Valgrind that mean something here. */
static enum launch_flag launch_flags_valgrind(struct launch_flags *flags, const char *key,
                                              const char *value, struct launch_flag_option *option)
{
    unsigned kinds;
    const char *text = value != NULL ? value : "";
    bool reachable = false;
    if (strcmp(key, "tool") == 0) {
        flags->valgrind = true;
        return strcmp(text, "memcheck") == 0 ? LAUNCH_FLAG_TAKEN
                                             : launch_flags_bad(key, value, "memcheck");
    }
    if (strcmp(key, "log_file") == 0) {
        return launch_flags_log(option, key, value);
    }
    if (strcmp(key, "leak_check") == 0 &&
        (strcmp(text, "full") == 0 || strcmp(text, "summary") == 0)) {
        *option = (struct launch_flag_option){"leak_check", "1"};
        return LAUNCH_FLAG_TAKEN;
    }
    if (strcmp(key, "show_reachable") == 0) {
        enum launch_flag result = launch_flags_switch(&reachable, key, value, false);
        flags->show_kinds |= reachable ? 1u << MMT_LEAK_REACHABLE | 1u << MMT_LEAK_POSSIBLE : 0;
        return result;
    }
    if (strcmp(key, "show_possibly_lost") == 0) {
        enum launch_flag result = launch_flags_switch(&reachable, key, value, false);
        flags->show_kinds |= reachable ? 1u << MMT_LEAK_POSSIBLE : 0;
        return result;
    }
    if (strcmp(key, "show_leak_kinds") == 0 || strcmp(key, "errors_for_leak_kinds") == 0) {
        if (!launch_flags_kinds(text, &kinds)) {
            return launch_flags_bad(key, value, "a list of kinds of leaks");
        }
        if (key[0] == 's') {
            flags->show_kinds |= kinds;
        } else {
            *option = (struct launch_flag_option){"leak_kinds", launch_flags_counted(kinds)};
        }
        return LAUNCH_FLAG_TAKEN;
    }
    if (strcmp(key, "num_callers") == 0) {
        long number = atol(text);
        *option = (struct launch_flag_option){"depth", number > 256 ? "256" : text};
        return LAUNCH_FLAG_TAKEN;
    }
    if (strcmp(key, "trace_children") == 0) {
        return launch_flags_switch(&flags->only_program, key, value, true);
    }
    if (strcmp(key, "xml") == 0) {
        return launch_flags_switch(&flags->xml, key, value, false);
    }
    if (strcmp(key, "xml_file") == 0 && *text != '\0') {
        flags->exports[EXPORTING_VALGRIND_XML] = value;
        return LAUNCH_FLAG_TAKEN;
    }
    for (size_t i = 0; ignored[i] != NULL; i++) {
        if (strcmp(key, ignored[i]) == 0) {
            return LAUNCH_FLAG_TAKEN;
        }
    }
    return LAUNCH_FLAG_UNKNOWN;
}

static enum launch_flag launch_flags_export(struct launch_flags *flags, const char *key,
                                            const char *value)
{
    for (int format = 0; format < EXPORTING_FORMATS; format++) {
        const char *name = exporting_names[format];
        bool same = strlen(name) == strlen(key);
        for (size_t i = 0; same && key[i] != '\0'; i++) {
            same = key[i] == name[i] || (key[i] == '_' && name[i] == '-');
        }
        if (!same) {
            continue;
        }
        const char *file = value != NULL ? value : exporting_formats[format].standard;
        if (file == NULL || *file == '\0') {
            return launch_flags_bad(name, value, "a file");
        }
        flags->exports[format] = file;
        return LAUNCH_FLAG_TAKEN;
    }
    return LAUNCH_FLAG_UNKNOWN;
}

enum launch_flag launch_flags_take(struct launch_flags *flags, const char *key, const char *value,
                                   struct launch_flag_option *option)
{
    *option = (struct launch_flag_option){NULL, NULL};
    if (strcmp(key, "suppressions") == 0 || strcmp(key, "gate") == 0) {
        if (value == NULL || *value == '\0') {
            return launch_flags_bad(key, value, "a file");
        }
        if (key[0] == 'g') {
            flags->gate = value;
        } else {
            char *path = value[0] == '/' ? NULL : launch_absolute(value);
            textbuf_put(&flags->suppressions, path != NULL ? path : value);
            textbuf_put(&flags->suppressions, "\n");
            free(path);
        }
        return LAUNCH_FLAG_TAKEN;
    }
    if (strcmp(key, "gen_suppressions") == 0) {
        return launch_flags_switch(&flags->generate, key, value, false);
    }
    if (strcmp(key, "children") == 0) {
        return launch_flags_switch(&flags->only_program, key, value, true);
    }
    if (strcmp(key, "own") == 0) {
        flags->no_system_programs = false;
        return launch_flags_switch(&flags->own, key, value, false);
    }
    if (strcmp(key, "gdb") == 0) {
        return launch_flags_switch(&flags->gdb, key, value, false);
    }
    if (strcmp(key, "valgrind") == 0) {
        return launch_flags_switch(&flags->valgrind, key, value, false);
    }
    enum launch_flag result = launch_flags_export(flags, key, value);
    return result != LAUNCH_FLAG_UNKNOWN ? result
                                         : launch_flags_valgrind(flags, key, value, option);
}

void launch_flags_help(void)
{
    printf("  --suppressions=FILE   leave out what FILE lists; LeakSanitizer's, Valgrind's and "
           "mmguard's own lists\n"
           "                        are understood. May be given again\n"
           "  --gen-suppressions    print a line for each finding that would suppress it\n"
           "  --gate=BASELINE       fail only for what is new or has grown since mmreport baseline "
           "wrote BASELINE\n"
           "  write the findings in this form as well:\n");
    for (int format = 0; format < EXPORTING_FORMATS; format++) {
        const struct export_format *row = &exporting_formats[format];
        char *flag =
            xalloc_format("--%s%s", row->name, row->standard != NULL ? "[=FILE]" : "=FILE");
        printf("    %-19s %s\n", flag, row->help);
        free(flag);
    }
    printf("  --children=no         only the program itself counts, not what it starts\n"
           "  --own                 what only programs and libraries of the system have part in "
           "counts as suppressed;\n"
           "                        =no: leaks of programs of the system that the program starts "
           "count as well\n"
           "  --gdb                 run the program in gdb and stop where an error is made\n"
           "  --valgrind            report as Valgrind does; --tool=memcheck is the same, and "
           "Valgrind's common\n"
           "                        flags are understood\n");
}
