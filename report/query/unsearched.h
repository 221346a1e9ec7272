/* SPDX-License-Identifier: MIT
 *
 * Why leaks were not searched for, or less is known of them than usual.
 */
#ifndef QUERY_UNSEARCHED_H
#define QUERY_UNSEARCHED_H

#include "model/profile.h"
#include "util/textbuf.h"

/* Whether the process was to end without a search for leaks. */
bool unsearched_by_choice(const struct process *process);

/* Who can make that choice. */
extern const char unsearched_choice[];

/* Threads that could not be stopped, why, and what to do, in a line without its end. Nothing if all
 * were stopped. */
void unsearched_put_threads(struct textbuf *buffer, const struct process *process);

#endif
