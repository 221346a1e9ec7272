/* SPDX-License-Identifier: MIT
 *
 * Names of code that a program has made for itself at run time, from the file /tmp/perf-PID.map
 * that just-in-time compilers write for profilers: lines "START SIZE NAME", numbers in hexadecimal.
 */
#ifndef SYM_PERFMAP_H
#define SYM_PERFMAP_H

#include "model/profile.h"

/* Names the frames of the set (one byte a frame) that are in no module and have no symbols. Does so
 * only for a profile of one process, and only if the map is the user's or root's, and not older
 * than the process. */
void perfmap_names(struct profile *profile, const unsigned char *wanted);

#endif
