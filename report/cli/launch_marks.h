/* SPDX-License-Identifier: MIT
 *
 * What the launcher knows of processes that left a mark and no trace, and writes into their marks.
 */
#ifndef CLI_LAUNCH_MARKS_H
#define CLI_LAUNCH_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The process was ended by a signal. */
void launch_marks_signal(const char *directory, uint32_t pid, int signal_number);

/* Processes with a mark that still run. Those that are about to end are given half a second. */
size_t launch_marks_wait(const char *directory);

/* Has the marks of processes that still run say so. Returns how many there are. */
size_t launch_marks_outliving(const char *directory);

/* Whether the mark with this name was made to say so. */
bool launch_marks_outlives(int directory, const char *name);

/* Whether a file is the mark of a process that came to its end, but could not remove it. */
bool launch_marks_ended(int directory, const char *name);

#endif
