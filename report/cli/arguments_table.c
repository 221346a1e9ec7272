/* SPDX-License-Identifier: MIT */
#include "cli/arguments_table.h"

#include "cli/arguments.h"
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

const struct arguments_entry arguments_table[] = {
    {"json", OPTION_JSON, SHOWN | ARGUMENTS_GATE | ARGUMENTS_SYMBOLIZE, NULL,
     "write JSON instead of text; see mmreport-json(7)"},
    {"kind", OPTION_KIND, LEAKS | JUDGES, "LIST",
     "leaks of these kinds: definite,indirect,possible,reachable or all;\n"
     "default definite,indirect"},
    {"metric", OPTION_METRIC, LEAKS, "WHAT",
     "leaked (the default kinds), live (all kinds), and of each call stack:\n"
     "peak, total (bytes), allocations, temporary; default leaked"},
    {"group-by", OPTION_GROUP, LEAKS, "WHAT",
     "function, line, file, module, thread or process; default function,\n"
     "for top line"},
    {"sort", OPTION_SORT, LEAKS, "HOW", "bytes, blocks or name; default bytes"},
    {"min", OPTION_MIN, TREES, "PERCENT",
     "sum up functions with less of all bytes; default 0.5, JSON 0"},
    {"depth", OPTION_DEPTH, TREES, "N", "levels to show"},
    {"limit", OPTION_LIMIT, ARGUMENTS_TOP | ARGUMENTS_FUNCTION | ARGUMENTS_DIFF, "N",
     "rows of a list to show, 0 for all; default 20, JSON 0"},
    {"focus", OPTION_FOCUS, LEAKS, "REGEX", "only call paths through a match"},
    {"ignore", OPTION_IGNORE, LEAKS, "REGEX", "no call paths through a match"},
    {"hide", OPTION_HIDE, LEAKS, "REGEX", "leave matches out of call paths"},
    {"show-from", OPTION_SHOW_FROM, LEAKS, "REGEX", "begin call paths at their outermost match"},
    {"invert", OPTION_INVERT, TREES, NULL, "begin at the functions that allocate"},
    {"all-frames", OPTION_ALL_FRAMES, STACKS, NULL,
     "show the frames of the allocator and of program start"},
    {"no-hide", OPTION_ALL_FRAMES, STACKS, NULL, "the same"},
    {"no-fold", OPTION_NO_FOLD, TREES, NULL, "one level for every call, recursive ones too"},
    {"full-names", OPTION_FULL_NAMES, STACKS | ARGUMENTS_FINDING, NULL,
     "do not shorten template arguments and signatures"},
    {"source", OPTION_SOURCE, ARGUMENTS_ERRORS | ARGUMENTS_TREE | ARGUMENTS_FUNCTION, "N",
     "show N source lines before and after the line that matters"},
    {"color", OPTION_COLOR, SHOWN | ARGUMENTS_GATE | ARGUMENTS_FINDING | ARGUMENTS_ENDING, "WHEN",
     "auto, always or never; default auto"},
    {"no-symbols", OPTION_NO_SYMBOLS, SHOWN | JUDGES | ARGUMENTS_FINDING, NULL,
     "show modules and offsets, read no program files"},
    {"sysroot", OPTION_SYSROOT, READERS, "DIR", "look for program files below DIR first"},
    {"path-map", OPTION_PATH_MAP, READERS, "FROM=TO",
     "look for files below FROM under TO; may be given again"},
    {"debug-dir", OPTION_DEBUG_DIR, READERS, "DIR:DIR",
     "folders of separate debug files; default /usr/lib/debug"},
    {"dwarf", OPTION_DWARF, READERS, "READER", "libdw or libdwarf; default libdw"},
    {"debuginfod", OPTION_DEBUGINFOD, READERS, NULL,
     "ask the servers in DEBUGINFOD_URLS for debug files that are not here"},
    {"no-cache", OPTION_NO_CACHE, READERS, NULL, "neither use nor fill the cache of names"},
    {"suppressions", OPTION_SUPPRESSIONS, SHOWN | JUDGES, "FILE",
     "leave out what FILE lists (of LeakSanitizer, Valgrind or mmguard); may\n"
     "be given again"},
    {"no-builtin-suppressions", OPTION_NO_BUILTIN, SHOWN | JUDGES, NULL,
     "list what libraries of the system keep as well"},
    {"baseline", OPTION_BASELINE, ARGUMENTS_GATE, "FILE",
     "what is known: written by mmreport baseline, a JSON report, or traces"},
    {"policy", OPTION_POLICY, ARGUMENTS_GATE, "FILE", "limits, a line max-new = 0 each"},
    {"max-new", OPTION_MAX_NEW, ARGUMENTS_GATE, "N", "new findings to let pass; default 0"},
    {"max-grown", OPTION_MAX_GROWN, ARGUMENTS_GATE, "N", "known findings to let grow; default 0"},
    {"max-count", OPTION_MAX_COUNT, ARGUMENTS_GATE, "N", "leaked blocks to let pass, known or not"},
    {"max-bytes", OPTION_MAX_BYTES, ARGUMENTS_GATE, "N", "leaked bytes to let pass, known or not"},
    {"max", OPTION_MAX, ARGUMENTS_GATE, "KIND:N",
     "findings of a kind to let pass, known or not; may be given again"},
    {"no-leaks", OPTION_NO_LEAKS, JUDGES, NULL, "errors only"},
    {"own", OPTION_OWN, JUDGES, NULL,
     "only findings with a function of a program or library that is not\n"
     "the system's"},
    {"update", OPTION_UPDATE, ARGUMENTS_BASELINE, "FILE",
     "lower what FILE accepts to what there is"},
    {"accept", OPTION_ACCEPT, ARGUMENTS_BASELINE, NULL, "take over what is new or has grown"},
    {"format", OPTION_FORMAT, ARGUMENTS_EXPORT, "NAME", "one of"
#define EXPORT_FORMAT(symbol, name, writer, spread, standard, help) " " name
#include "render/exports.def"
#undef EXPORT_FORMAT
    },
    {"root", OPTION_ROOT, ARGUMENTS_EXPORT, "DIR",
     "folder that source files are named from; default the repository's"},
    {"arguments", OPTION_ARGUMENTS, ARGUMENTS_EXPORT, NULL,
     "write the arguments of programs as well (valgrind-xml)"},
    {"output", OPTION_OUTPUT, ARGUMENTS_MERGE | ARGUMENTS_BASELINE | ARGUMENTS_EXPORT, "FILE",
     "where to write (also -o)"},
    {"leak-kinds", OPTION_LEAK_KINDS, ARGUMENTS_ENDING, "KIND", NULL},
    {"help", OPTION_HELP, EVERY, NULL, "show this"},
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
    if ((commands & STACKS) == STACKS) {
        return;
    }
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
        if (*text == '\n') {
            printf("%22s", "");
        }
    }
    if (name_commands) {
        arguments_help_commands(entry->commands);
    }
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
    if (command == 0) {
        puts("       mmreport help [COMMAND] | --version");
    }
    puts("\nShows what mmguard recorded. A FILE is a trace (.mmg), or a directory of traces.\n");
    for (size_t i = 0; i < COMMANDS; i++) {
        const struct arguments_help_command *one = &arguments_commands[i];
        if (command == 0 || one->bit == command) {
            printf("  %-13s %s\n", one->name, one->help);
        }
    }
}

unsigned arguments_command(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(arguments_commands[i].name, name) == 0) {
            return arguments_commands[i].bit;
        }
    }
    return 0;
}

void arguments_help(unsigned command)
{
    arguments_help_usage(command);
    puts("\noptions");
    for (size_t i = 0; i < arguments_table_size; i++) {
        const struct arguments_entry *entry = &arguments_table[i];
        if (entry->help != NULL && (command == 0 || (entry->commands & command) != 0)) {
            arguments_help_option(entry, command == 0);
        }
    }
    fputs("\n"
          "Exit status: 0, or 2 if there is no data, it is incomplete, or the usage is wrong;\n"
          "1 if the gate is not passed, or a baseline would have to accept more.\n",
          stdout);
}
