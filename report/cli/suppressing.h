/* SPDX-License-Identifier: MIT
 *
 * Lists of suppressions, from the command line and the environment to what is said about them.
 */
#ifndef CLI_SUPPRESSING_H
#define CLI_SUPPRESSING_H

#include "elf/symsearch.h"
#include "model/profile.h"
#include "model/suppression.h"
#include "util/textbuf.h"

#include <stdbool.h>

/* Files of suppressions, separated by newlines: set by mmguard for what it starts. While it is set
 * LSAN_OPTIONS is not looked at. */
#define SUPPRESSING_VARIABLE "MMREPORT_SUPPRESSIONS"

/* Which of the rules' faults are worth a warning. */
enum suppressing_talk {
    SUPPRESSING_SILENT,
    SUPPRESSING_FAULTS, /* expired, too broad */
    SUPPRESSING_ALL, /* unused as well */
};

/* Adds the files that the environment names (SUPPRESSING_VARIABLE, else `suppressions=` in
 * LSAN_OPTIONS), one a line. */
void suppressing_from_environment(struct textbuf *files);

/* Reads the lists of `files`, one a line, then those of the environment. Returns false after a
 * message. */
bool suppressing_load(struct suppressions *rules, const char *files);

/* Puts names to the frames and takes out what the rules match, then leaks that their own program
 * says are none, whose rules are not talked about, and at last what the built-in rules match.
 * `search` is NULL if no names are to be looked for. */
void suppressing_apply(struct suppressions *rules, struct profile *profile,
                       const struct symsearch *search, enum suppressing_talk talk);

#endif
