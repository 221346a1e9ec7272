/* SPDX-License-Identifier: MIT */
#ifndef LEAK_POINTERS_H
#define LEAK_POINTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "heap/block.h"
#include "leak/regions.h"

/* Whether `pointer`, which points inside `block`, is how C or C++ code holds on to such a block, so
 * that it counts as one to its start. `regions` may be NULL: then objects with several bases are
 * not recognised. World stopped. */
bool pointers_count_as_start(const struct block *block, uintptr_t pointer,
                             const struct regions *regions);

/* Whether a pointer just past `block` is how code holds on to it: the block consists of a header,
 * which says that nothing follows. World stopped. */
bool pointers_behind_header(const struct block *block);

#endif
