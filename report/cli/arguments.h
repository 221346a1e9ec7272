/* SPDX-License-Identifier: MIT
 *
 * The options of mmreport's commands. Every command takes a part of one table.
 */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H

#include "elf/symsearch.h"
#include "query/gate.h"
#include "query/leaktree.h"
#include "util/textbuf.h"

enum arguments_command {
    ARGUMENTS_SUMMARY = 1,
    ARGUMENTS_ERRORS = 2,
    ARGUMENTS_TREE = 4,
    ARGUMENTS_TOP = 8,
    ARGUMENTS_FUNCTION = 16,
    ARGUMENTS_DIFF = 32,
    ARGUMENTS_MERGE = 64,
    /* For libguard and the tests: */
    ARGUMENTS_FINDING = 128,
    ARGUMENTS_ENDING = 256,
    ARGUMENTS_SYMBOLIZE = 512,
    /* For continuous integration: */
    ARGUMENTS_GATE = 1024,
    ARGUMENTS_BASELINE = 2048,
    ARGUMENTS_EXPORT = 4096,
    ARGUMENTS_SUPPRESSIONS = 8192,
};

struct arguments {
    bool help;
    bool json;
    bool no_symbols;
    bool all_frames;
    bool full_names;
    bool invert;
    bool no_fold;
    double min_percent; /* negative: not given */
    unsigned depth;
    unsigned limit; /* rows; 0: all */
    unsigned source_lines; /* before and after a line; 0: none */
    bool has_kinds;
    unsigned kinds; /* bits 1 << enum mmt_leak_kind; 0 if the metric is none of leaks */
    int metric; /* enum metric */
    int color; /* enum style_color */
    int group, sort; /* enum paths_group, enum leaktree_sort */
    struct pathfilter filter;
    struct symsearch search;
    struct textbuf suppressions; /* files, one a line */
    const char *baseline, *policy_file, *update, *root; /* NULL: not given */
    struct gate_policy policy;
    bool accept, no_leaks, own, no_builtin, arguments;
    int format; /* enum exporting_format, or -1 */
    const char *output; /* NULL: not given */
    const char *function; /* the function asked for */
    char **files;
    size_t file_count;
};

/* Reads the arguments of a command; argv[0] is its name. Returns false after a message on standard
 * error if they make no sense. To be released with arguments_free() in any case. */
bool arguments_read(struct arguments *arguments, enum arguments_command command, int argc,
                    char **argv);

void arguments_free(struct arguments *arguments);

#endif
