/* SPDX-License-Identifier: MIT
 *
 * Nodes of a tree of leaks as text, and the paragraph on the likely origin.
 */
#ifndef RENDER_TEXT_NODE_H
#define RENDER_TEXT_NODE_H

#include "render/view.h"

/* A name is not made shorter than this for want of columns. */
#define TEXT_NODE_SHORTEST 20

/* What is written for an element of a chain: itself, the line that stands for the middle, or
 * nothing. */
enum text_node_element { TEXT_NODE_SHOWN, TEXT_NODE_MIDDLE, TEXT_NODE_LEFT_OUT };

/* For element `i` of a chain of `length` functions. */
enum text_node_element text_node_element(size_t i, size_t length);

/* Adds what stands for the middle of a chain. */
void text_node_put_middle(struct textbuf *buffer, size_t length);

/* Adds a node's name, at most `columns` wide (0: no limit) if that can be done without losing the
 * place in the source. */
void text_node_put(struct textbuf *buffer, const struct style *style, const struct leaktree *tree,
                   uint32_t id, const char *directory, size_t columns);

/* Headings of the columns of a tree's numbers; the first is what shares are of. */
const char *text_node_heading(const struct leaktree *tree, int column);

/* Adds what the whole of a tree is: "all leaks (definite)", "all allocations". */
void text_node_put_whole(struct textbuf *buffer, const struct leaktree *tree);

/* Adds the names of the kinds in `kinds`: "definite, indirect". */
void text_node_put_kinds(struct textbuf *buffer, unsigned kinds);

/* Adds an amount in words: "1,600 bytes in 50 blocks", "1,600 bytes, 50 allocations". */
void text_node_put_amount(struct textbuf *buffer, const struct leaktree *tree, uint64_t bytes,
                          uint64_t blocks);

/* Says how much the filters have left out, if anything. */
view_writer text_node_left_out;

/* Writes the paragraph on the likely origin, by the tree that is not inverted. */
view_writer text_node_origin;

#endif
