/* SPDX-License-Identifier: MIT */
#ifndef RENDER_TEXT_TREE_H
#define RENDER_TEXT_TREE_H

#include "render/view.h"

/* Writes the tree as a table with a column of bytes, share of the total, blocks and name; of a tree
 * that compares, the changes. */
view_writer text_tree;

#endif
