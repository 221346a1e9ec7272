/* SPDX-License-Identifier: MIT
 *
 * Files whose names others may have given to something else: opening never waits, as for a FIFO
 * that nobody else has open, and never makes a terminal ours.
 */
#ifndef UTIL_REGULARFILE_H
#define UTIL_REGULARFILE_H

#include <stdio.h>

/* For reading. The descriptor, closed at exec, or -1 with errno; EINVAL if it is no regular file.
 */
int regularfile_open(const char *path);

/* The same as a stream, or NULL. */
FILE *regularfile_stream(const char *path);

/* For writing: "w" or "a". What is written to a FIFO or a device that somebody reads arrives there;
 * a FIFO without reader fails with ENXIO. */
FILE *regularfile_output(const char *path, const char *mode);

#endif
