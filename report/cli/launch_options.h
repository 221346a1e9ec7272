/* SPDX-License-Identifier: MIT
 *
 * The launcher's command line and the MMGUARD_OPTIONS it finds in the environment, checked against
 * include/mmoptions.def.
 */
#ifndef CLI_LAUNCH_OPTIONS_H
#define CLI_LAUNCH_OPTIONS_H

#include "cli/launch_flags.h"

#include <stdbool.h>

enum launch_option {
#define MM_OPTION(name, type, value, values, help) LAUNCH_##name,
#include "mmoptions.def"
#undef MM_OPTION
    LAUNCH_OPTIONS
};

struct launch_options {
    const char *value
        /* canonical text (an ENUM's word, 0 or 1 for BOOL), NULL where not given */
        [LAUNCH_OPTIONS];
    const char *library; /* --library, or NULL */
    bool quiet, help, version;
    struct launch_flags flags;
    char **
        /* the program and its arguments, NULL-terminated; program[0] is NULL if there is none */
        program;
};

/* Reads MMGUARD_OPTIONS, then the arguments, which win. Returns 0, or the exit status after a
 * message. */
int launch_options_read(struct launch_options *options, int argc, char **argv);

/* The number behind an ENUM's word (its index), an INT or a BOOL, given or default. */
int launch_options_number(const struct launch_options *options, enum launch_option option);

/* The value given for an option, or its default. */
const char *launch_options_text(const struct launch_options *options, enum launch_option option);

/* All given options as a value of MMGUARD_OPTIONS. Allocated. */
char *launch_options_join(const struct launch_options *options);

void launch_options_help(void);

#endif
