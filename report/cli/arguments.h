/* SPDX-License-Identifier: MIT
 *
 * The options of mmreport's commands. Every command takes a part of one table.
 */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

enum arguments_command {
    ARGUMENTS_SUMMARY = 1,
    ARGUMENTS_ERRORS = 2,
    ARGUMENTS_TREE = 4,
    ARGUMENTS_FINDING = 8,
    ARGUMENTS_ENDING = 16,
};

struct arguments {
    bool help;
    bool json;
    bool no_symbols;
    bool all_frames;
    bool invert;
    bool no_fold;
    bool has_min;
    double min_percent;
    unsigned depth;
    unsigned kinds; /* bits 1 << enum mmt_leak_kind */
    int color;      /* enum style_color */
    char **files;
    size_t file_count;
};

/* Reads the arguments of a command; argv[0] is its name. Returns false after a message on standard error if they make no
 * sense. */
bool arguments_read(struct arguments *arguments, enum arguments_command command, int argc,
                    char **argv);

/* Prints how mmreport is used on standard output. */
void arguments_help(void);

#endif
