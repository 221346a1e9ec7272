/* SPDX-License-Identifier: MIT
 *
 * The table of mmreport's options.
 */
#ifndef ARGUMENTS_TABLE_H
#define ARGUMENTS_TABLE_H

#include <stddef.h>

enum arguments_id {
    OPTION_JSON = 256,
    OPTION_KIND,
    OPTION_METRIC,
    OPTION_MIN,
    OPTION_DEPTH,
    OPTION_LIMIT,
    OPTION_INVERT,
    OPTION_GROUP,
    OPTION_SORT,
    OPTION_FOCUS,
    OPTION_IGNORE,
    OPTION_HIDE,
    OPTION_SHOW_FROM,
    OPTION_ALL_FRAMES,
    OPTION_NO_FOLD,
    OPTION_FULL_NAMES,
    OPTION_SOURCE,
    OPTION_COLOR,
    OPTION_NO_SYMBOLS,
    OPTION_SYSROOT,
    OPTION_PATH_MAP,
    OPTION_DEBUG_DIR,
    OPTION_DWARF,
    OPTION_NO_CACHE,
    OPTION_DEBUGINFOD,
    OPTION_SUPPRESSIONS,
    OPTION_NO_BUILTIN,
    OPTION_BASELINE,
    OPTION_POLICY,
    OPTION_MAX_NEW,
    OPTION_MAX_GROWN,
    OPTION_MAX_COUNT,
    OPTION_MAX_BYTES,
    OPTION_MAX,
    OPTION_NO_LEAKS,
    OPTION_ARGUMENTS,
    OPTION_OWN,
    OPTION_UPDATE,
    OPTION_ACCEPT,
    OPTION_FORMAT,
    OPTION_ROOT,
    OPTION_OUTPUT,
    OPTION_LEAK_KINDS,
    OPTION_HELP,
};

struct arguments_entry {
    const char *name;
    enum arguments_id id;
    unsigned commands; /* bits of enum arguments_command */
    const char *value; /* its name in the help text, NULL if the option has none */
    const char *help; /* NULL: not for users */
};

extern const struct arguments_entry arguments_table[];
extern const size_t arguments_table_size;

/* The command of this name, a bit of enum arguments_command; 0 if none that takes options has it.
 */
unsigned arguments_command(const char *name);

/* Prints how a command is used on standard output; all of mmreport, if it is 0. */
void arguments_help(unsigned command);

#endif
