/* SPDX-License-Identifier: MIT
 *
 * What the launcher's flags need before the program starts.
 */
#ifndef CLI_LAUNCH_PREPARE_H
#define CLI_LAUNCH_PREPARE_H

#include "cli/launch_flags.h"

/* Reads lists of suppressions and the baseline, and looks whether the files of the flags and the
 * log (NULL or "": none) can be written, so that a mistake is told before anything runs.
 * `leak_kinds` is the option if somebody gave it, else -1. The flags have all lists then, and so
 * has the environment (SUPPRESSING_VARIABLE), by which the program's own reports are made without
 * what is suppressed. Returns 0, or the exit status after a message.
 */
int launch_prepare(struct launch_flags *flags, const char *log, int leak_kinds);

/* Replaces this process by gdb, which runs `path` with the arguments `program` (NULL-terminated),
 * LD_PRELOAD beginning with `library` and MMGUARD_OPTIONS set to `settings`. Returns the exit
 * status after a message. */
int launch_gdb(const char *path, char **program, const char *library, const char *settings);

#endif
