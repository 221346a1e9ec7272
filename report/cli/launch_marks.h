/* SPDX-License-Identifier: MIT
 *
 * What the launcher knows of processes that left a mark and no trace, and writes into their marks.
 */
#ifndef CLI_LAUNCH_MARKS_H
#define CLI_LAUNCH_MARKS_H

#include <stdint.h>

/* The process was ended by a signal. */
void launch_marks_signal(const char *directory, uint32_t pid, int signal_number);

#endif
