/* SPDX-License-Identifier: MIT
 *
 * The table of mmreport's options: a row is all there is of an option but its field in struct
 * arguments.
 */
#ifndef CLI_ARGUMENTS_TABLE_H
#define CLI_ARGUMENTS_TABLE_H

#include "cli/arguments.h"

#include <stddef.h>

struct arguments_entry;

/* Takes a value (NULL: the option has none). Returns false after a message. */
typedef bool arguments_reader(struct arguments *arguments, const struct arguments_entry *row,
                              const char *value);

/* An option, bound to what it sets. */
struct arguments_entry {
    const char *name;
    unsigned commands; /* bits of enum arguments_command */
    const char *value; /* its name in the help text, NULL if the option has none */
    const char *help; /* NULL: not for users */
    arguments_reader *read; /* see cli/arguments_values.h */
    size_t offset; /* of the field in struct arguments */
    const char *const *words; /* that the value can be, with NULL behind */
    unsigned most; /* that the value can be */
    enum pathfilter_kind filter;
    char letter; /* its short form; 0: none */
};

extern const struct arguments_entry arguments_table[];
extern const size_t arguments_table_size;

/* The command of this name, a bit of enum arguments_command; 0 if none that takes options has it.
 */
unsigned arguments_command(const char *name);

/* Prints how a command is used on standard output; all of mmreport, if it is 0. */
void arguments_help(unsigned command);

#endif
