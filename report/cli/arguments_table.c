/* SPDX-License-Identifier: MIT */
#include "cli/arguments_table.h"

#include "cli/arguments_values.h"
#include "query/metric.h"
#include "render/exporting.h"
#include "util/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JUDGES  (ARGUMENTS_GATE | ARGUMENTS_BASELINE | ARGUMENTS_EXPORT | ARGUMENTS_SUPPRESSIONS)
#define LEAKS   (ARGUMENTS_TREE | ARGUMENTS_TOP | ARGUMENTS_FUNCTION | ARGUMENTS_DIFF)
#define STACKS  (LEAKS | ARGUMENTS_ERRORS)
#define SHOWN   (STACKS | ARGUMENTS_SUMMARY)
#define READERS (SHOWN | JUDGES | ARGUMENTS_FINDING | ARGUMENTS_SYMBOLIZE)
#define EVERY   (SHOWN | JUDGES | ARGUMENTS_MERGE)
#define TREES   (ARGUMENTS_TREE | ARGUMENTS_DIFF)

static const char *const arguments_colors[] = {"auto", "always", "never", NULL};
static const char *const arguments_groups[] = {"function", "line",    "file", "module",
                                               "thread",   "process", NULL};
static const char *const arguments_sorts[] = {"bytes", "blocks", "name", NULL};
static const char *const arguments_readers[] = {"libdw", "libdwarf", NULL};

static const char arguments_formats[] = "one of"
#define EXPORT_FORMAT(symbol, name, extension, writer, spread, parts, standard, help) " " name
#include "render/exports.def"
#undef EXPORT_FORMAT
    ;

/* Where a field is; a compiler warns if it has another type. */
#define FIELD(type, field)                                                                         \
    .offset = offsetof(struct arguments, field) +                                                  \
              0 * sizeof((type *)NULL == &((struct arguments *)NULL)->field)

#define SWITCH(field)       .read = arguments_switch, FIELD(bool, field)
#define TEXT(field)         .read = arguments_text, FIELD(const char *, field)
#define COUNT(field, limit) .read = arguments_count, .most = (limit), FIELD(unsigned, field)
#define PERCENT(field)      .read = arguments_percent, FIELD(double, field)
#define WORD(field, list)   .read = arguments_index, .words = (list), FIELD(int, field)
#define CHOSEN(field, list) .read = arguments_chosen, .words = (list), FIELD(const char *, field)
#define LIST(field)         .read = arguments_list, FIELD(struct textbuf, field)
#define FILTER(part)        .read = arguments_filter, .filter = (part)
#define READ(function)      .read = (function)

const struct arguments_entry arguments_table[] = {
    {"json", SHOWN | ARGUMENTS_GATE | ARGUMENTS_SYMBOLIZE, NULL,
     "write JSON instead of text; see mmreport-json(7)", SWITCH(json)},
    {"kind", LEAKS | JUDGES, "LIST",
     "leaks of these kinds: definite,indirect,possible,reachable or all;\n"
     "default definite,indirect",
     READ(arguments_kinds)},
    {"metric", LEAKS, "WHAT",
     "leaked (the default kinds), live (all kinds), and of each call stack:\n"
     "peak, total (bytes), allocations, temporary; default leaked",
     WORD(metric, metric_names)},
    {"group-by", LEAKS, "WHAT",
     "function, line, file, module, thread or process; default function,\n"
     "for top line",
     WORD(group, arguments_groups)},
    {"sort", LEAKS, "HOW", "bytes, blocks or name; default bytes", WORD(sort, arguments_sorts)},
    {"min", TREES, "PERCENT", "sum up functions with less of all bytes; default 0.5, JSON 0",
     PERCENT(min_percent)},
    {"depth", TREES, "N", "levels to show", COUNT(depth, 1000000)},
    {"limit", ARGUMENTS_TOP | ARGUMENTS_FUNCTION | ARGUMENTS_DIFF, "N",
     "rows of a list to show, 0 for all; default 20, JSON 0", COUNT(limit, 1000000000)},
    {"focus", LEAKS, "REGEX", "only call paths through a match", FILTER(PATHFILTER_FOCUS)},
    {"ignore", LEAKS, "REGEX", "no call paths through a match", FILTER(PATHFILTER_IGNORE)},
    {"hide", LEAKS, "REGEX", "leave matches out of call paths", FILTER(PATHFILTER_HIDE)},
    {"show-from", LEAKS, "REGEX", "begin call paths at their outermost match",
     FILTER(PATHFILTER_SHOW_FROM)},
    {"invert", TREES, NULL, "begin at the functions that allocate", SWITCH(invert)},
    {"all-frames", STACKS, NULL, "show the frames of the allocator and of program start",
     SWITCH(all_frames)},
    {"no-hide", STACKS, NULL, "the same", SWITCH(all_frames)},
    {"no-fold", TREES, NULL, "one level for every call, recursive ones too", SWITCH(no_fold)},
    {"full-names", STACKS | ARGUMENTS_FINDING, NULL,
     "do not shorten template arguments and signatures", SWITCH(full_names)},
    {"source", ARGUMENTS_ERRORS | ARGUMENTS_TREE | ARGUMENTS_FUNCTION, "N",
     "show N source lines before and after the line that matters", COUNT(source_lines, 1000)},
    {"color", SHOWN | ARGUMENTS_GATE | ARGUMENTS_FINDING | ARGUMENTS_ENDING, "WHEN",
     "auto, always or never; default auto", WORD(color, arguments_colors)},
    {"no-symbols", SHOWN | JUDGES | ARGUMENTS_FINDING, NULL,
     "show modules and offsets, read no program files", SWITCH(no_symbols)},
    {"sysroot", READERS, "DIR", "look for program files below DIR first", TEXT(search.sysroot)},
    {"path-map", READERS, "FROM=TO", "look for files below FROM under TO; may be given again",
     READ(arguments_path_map)},
    {"debug-dir", READERS, "DIR:DIR", "folders of separate debug files; default /usr/lib/debug",
     TEXT(search.debug)},
    {"dwarf", READERS, "READER", "libdw or libdwarf; default libdw",
     CHOSEN(search.backend, arguments_readers)},
    {"debuginfod", READERS, NULL,
     "ask the servers in DEBUGINFOD_URLS for debug files that are not here",
     READ(arguments_debuginfod)},
    {"no-cache", READERS, NULL, "neither use nor fill the cache of names",
     READ(arguments_no_cache)},
    {"suppressions", SHOWN | JUDGES, "FILE",
     "leave out what FILE lists (of LeakSanitizer, Valgrind or mmguard); may\n"
     "be given again",
     LIST(suppressions)},
    {"no-builtin-suppressions", SHOWN | JUDGES, NULL,
     "list what libraries of the system keep as well", SWITCH(no_builtin)},
    {"baseline", ARGUMENTS_GATE, "FILE",
     "what is known: written by mmreport baseline, a JSON report, or traces", TEXT(baseline)},
    {"policy", ARGUMENTS_GATE, "FILE", "limits, a line max-new = 0 each", TEXT(policy_file)},
    {"max-new", ARGUMENTS_GATE, "N", "new findings to let pass; default 0", READ(arguments_limit)},
    {"max-grown", ARGUMENTS_GATE, "N", "known findings to let grow; default 0",
     READ(arguments_limit)},
    {"max-count", ARGUMENTS_GATE, "N", "leaked blocks to let pass, known or not",
     READ(arguments_limit)},
    {"max-bytes", ARGUMENTS_GATE, "N", "leaked bytes to let pass, known or not",
     READ(arguments_limit)},
    {"max", ARGUMENTS_GATE, "KIND:N",
     "findings of a kind to let pass, known or not; may be given again", READ(arguments_limit)},
    {"no-leaks", JUDGES, NULL, "errors only", SWITCH(no_leaks)},
    {"own", JUDGES, NULL,
     "only findings with a function of a program or library that is not\n"
     "the system's",
     SWITCH(own)},
    {"update", ARGUMENTS_BASELINE, "FILE", "lower what FILE accepts to what there is",
     TEXT(update)},
    {"accept", ARGUMENTS_BASELINE, NULL, "take over what is new or has grown", SWITCH(accept)},
    {"format", ARGUMENTS_EXPORT, "NAME", arguments_formats, WORD(format, exporting_names)},
    {"root", ARGUMENTS_EXPORT, "DIR",
     "folder that source files are named from; default the repository's", TEXT(root)},
    {"arguments", ARGUMENTS_EXPORT, NULL, "write the arguments of programs as well (valgrind-xml)",
     SWITCH(arguments)},
    {"output", ARGUMENTS_MERGE | ARGUMENTS_BASELINE | ARGUMENTS_EXPORT, "FILE",
     "where to write (also -o)", TEXT(output), .letter = 'o'},
    {"leak-kinds", ARGUMENTS_ENDING, "KIND", NULL, READ(arguments_leak_kinds)},
    {"help", EVERY, NULL, "show this", SWITCH(help)},
};

const size_t arguments_table_size = sizeof arguments_table / sizeof *arguments_table;

static const struct arguments_help_command {
    const char *name;
    unsigned bit;
    const char *usage, *help;
} arguments_commands[] = {
    {"summary", ARGUMENTS_SUMMARY, "[options] FILE...",
     "what each process did: allocations, errors, leaks"},
    {"errors", ARGUMENTS_ERRORS, "[options] FILE...", "every error with its stacks"},
    {"tree", ARGUMENTS_TREE, "[options] FILE...", "leaks by call path, the likely origin first"},
    {"top", ARGUMENTS_TOP, "[options] FILE...", "the places that allocated most of what leaked"},
    {"function", ARGUMENTS_FUNCTION, "[options] NAME FILE...",
     "the callers and callees of one function"},
    {"diff", ARGUMENTS_DIFF, "[options] BEFORE AFTER",
     "leaks that are new, grown, shrunk or gone, and a tree of the changes"},
    {"merge", ARGUMENTS_MERGE, "-o OUT FILE...", "many traces in one file"},
    {"snapshot", 0, "PID", "ask a running process for a trace, and print its path"},
    {"gate", ARGUMENTS_GATE, "[--baseline=FILE] [options] FILE...",
     "what is new, grown, known and fixed, and a verdict"},
    {"baseline", ARGUMENTS_BASELINE, "[-o FILE | --update=FILE [--accept]] [options] FILE...",
     "what is known from now on"},
    {"export", ARGUMENTS_EXPORT, "--format=NAME [-o OUT] [options] FILE...",
     "the findings for another program"},
    {"suppressions", ARGUMENTS_SUPPRESSIONS, "[options] FILE...",
     "a line for each finding that would suppress it"},
};

#define COMMANDS (sizeof arguments_commands / sizeof *arguments_commands)

/* Says which commands take an option, unless all that show something do. */
static void arguments_help_commands(unsigned commands)
{
    const char *separator = " (";
    if ((commands & STACKS) == STACKS)
        return;
    for (size_t i = 0; i < COMMANDS; i++) {
        if ((commands & arguments_commands[i].bit) != 0) {
            printf("%s%s", separator, arguments_commands[i].name);
            separator = ", ";
        }
    }
    putchar(')');
}

static void arguments_help_option(const struct arguments_entry *entry, bool name_commands)
{
    char *left = entry->value != NULL ? xalloc_format("--%s=%s", entry->name, entry->value)
                                      : xalloc_format("--%s", entry->name);
    printf("  %-19s ", left);
    for (const char *text = entry->help; *text != '\0'; text++) {
        putchar(*text);
        if (*text == '\n')
            printf("%22s", "");
    }
    if (name_commands)
        arguments_help_commands(entry->commands);
    putchar('\n');
    free(left);
}

static void arguments_help_usage(unsigned command)
{
    const char *start = "usage:";
    for (size_t i = 0; i < COMMANDS; i++) {
        const struct arguments_help_command *one = &arguments_commands[i];
        if (command == 0 || one->bit == command) {
            printf("%-6s mmreport %s %s\n", start, one->name, one->usage);
            start = "";
        }
    }
    if (command == 0)
        puts("       mmreport help [COMMAND] | --version");
    puts("\nShows what mmguard recorded. A FILE is a trace (.mmg), or a directory of traces.\n");
    for (size_t i = 0; i < COMMANDS; i++) {
        const struct arguments_help_command *one = &arguments_commands[i];
        if (command == 0 || one->bit == command)
            printf("  %-13s %s\n", one->name, one->help);
    }
}

unsigned arguments_command(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(arguments_commands[i].name, name) == 0)
            return arguments_commands[i].bit;
    return 0;
}

void arguments_help(unsigned command)
{
    arguments_help_usage(command);
    puts("\noptions");
    for (size_t i = 0; i < arguments_table_size; i++) {
        const struct arguments_entry *entry = &arguments_table[i];
        if (entry->help != NULL && (command == 0 || (entry->commands & command) != 0))
            arguments_help_option(entry, command == 0);
    }
    fputs("\n"
          "Exit status: 0, or 2 if there is no data, it is incomplete, or the usage is wrong;\n"
          "1 if the gate is not passed, or a baseline would have to accept more.\n",
          stdout);
}
