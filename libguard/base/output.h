/* SPDX-License-Identifier: MIT
 *
 * Where reports go: the log file of the options, or standard error. Descriptor 2 is used only while
 * it is still the file it was at the start, since a program may close it and be given the number
 * for a file of its own. No descriptor is kept open between reports.
 */
#ifndef BASE_OUTPUT_H
#define BASE_OUTPUT_H

#include <stdbool.h>

/* `log`: path as in the option, "" for standard error. `quiet`: nothing is ever said. Remembers
 * what standard error is. */
void output_init(const char *log, bool quiet);

bool output_quiet(void);

/* A descriptor to write a report to, or -1 if there is none (any more). Signal-safe. */
int output_open(void);
void output_close(int fd);

#endif
