/* SPDX-License-Identifier: MIT
 *
 * The launcher's command line and the MMGUARD_OPTIONS it finds in the environment, which are read
 * as libguard reads them.
 */
#ifndef CLI_LAUNCH_OPTIONS_H
#define CLI_LAUNCH_OPTIONS_H

#include "cli/launch_flags.h"
#include "common/optiontable.h"

#include <stdbool.h>

struct launch_options {
    /* Canonical text (an ENUM's word, 0 or 1 for BOOL), NULL where not given. */
    const char *value[OPTION_ROWS];
    const char *library; /* --library, or NULL */
    bool quiet, help, version;
    struct launch_flags flags;
    char **program; /* with its arguments, NULL-terminated; program[0] is NULL if there is none */
};

/* Reads MMGUARD_OPTIONS, then the arguments, which win. Returns 0, or the exit status after a
 * message. */
int launch_options_read(struct launch_options *options, int argc, char **argv);

/* The number behind an ENUM's word (its index), an INT or a BOOL, given or default. */
int launch_options_number(const struct launch_options *options, enum option_index option);

/* The value given for an option, or its default. */
const char *launch_options_text(const struct launch_options *options, enum option_index option);

/* All given options as a value of MMGUARD_OPTIONS. Allocated. */
char *launch_options_join(const struct launch_options *options);

void launch_options_help(void);

#endif
