/* SPDX-License-Identifier: MIT
 *
 * Leaks as lists: the places that allocate most, the callers and callees of a function, and what
 * changed between two runs.
 */
#ifndef RENDER_TEXT_LISTS_H
#define RENDER_TEXT_LISTS_H

#include "query/changes.h"
#include "query/ranking.h"
#include "render/style.h"

/* Writes the places that allocate, at most `limit` of them (0: all). `tree` is the one that was
 * ranked. */
void text_top(const struct style *style, const struct leaktree *tree, const struct ranking *ranking,
              size_t limit);

/* Writes what passes through the marked nodes (one byte a node) and who calls them and is called by
 * them. */
void text_function(const struct style *style, const struct leaktree *tree,
                   const unsigned char *marked, size_t limit);

/* Writes a line for each leak that changed, and how many did not. */
void text_changes(const struct style *style, const struct profile *profile,
                  const struct changes *changes, size_t limit);

#endif
