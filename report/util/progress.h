/* SPDX-License-Identifier: MIT
 *
 * Tells somebody who waits at a terminal what is being done. Nothing is written unless standard
 * error is a terminal and the work has taken a second already.
 */
#ifndef UTIL_PROGRESS_H
#define UTIL_PROGRESS_H

#include <stddef.h>

/* `what` is being done for the `done`-th thing of `all`. May be called often. */
void progress_show(const char *what, size_t done, size_t all);

/* Wipes the line; to be called before anything else is written. */
void progress_end(void);

#endif
