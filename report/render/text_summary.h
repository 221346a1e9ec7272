/* SPDX-License-Identifier: MIT */
#ifndef RENDER_TEXT_SUMMARY_H
#define RENDER_TEXT_SUMMARY_H

#include "render/view.h"

/* Writes a paragraph for each process, and one for all if there are several. */
void text_summary(const struct view *view);

/* Writes the leaks in the five lines Valgrind's users know, or that leaks were not searched for. */
void text_summary_leaks(const struct style *style, const struct totals *totals);

/* Writes a line for each note of at least this severity; of the process with this index, or of
 * TOTALS_ALL. */
void text_summary_notes(const struct style *style, const struct profile *profile, uint32_t process,
                        uint32_t severity);

/* Adds "exited with status 0", "ended by signal 11", ... */
void text_summary_put_ending(struct textbuf *buffer, const struct process *process);

#endif
