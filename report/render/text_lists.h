/* SPDX-License-Identifier: MIT
 *
 * Leaks as lists: the places that allocate most, the callers and callees of a function, and what
 * changed between two runs.
 */
#ifndef RENDER_TEXT_LISTS_H
#define RENDER_TEXT_LISTS_H

#include "render/view.h"

/* Writes the places that allocate, most first. */
view_writer text_top;

/* Writes what passes through the marked nodes and who calls them and is called by them. */
view_writer text_function;

/* Writes a line for each leak that changed, and how many did not. */
view_writer text_changes;

#endif
