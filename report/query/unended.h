/* SPDX-License-Identifier: MIT
 *
 * Processes that left a mark and no trace.
 */
#ifndef QUERY_UNENDED_H
#define QUERY_UNENDED_H

#include "model/profile.h"
#include "util/textbuf.h"

/* Why the process has no trace, and what is known of it. It has a mark. */
void unended_put_reason(struct textbuf *buffer, const struct process *process);

/* How it ended, in a few words. */
const char *unended_words(const struct process *process);

#endif
