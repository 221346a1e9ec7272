/* SPDX-License-Identifier: MIT
 *
 * Allocators beside ours: libraries that have functions of other names too, whose blocks are given
 * back by free(), and functions that are given blocks of ours. Names are looked up when they are
 * needed, since such a library may be loaded late.
 */
#ifndef ALLOC_FOREIGN_H
#define ALLOC_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

/* If `memory`, which is neither ours nor libc's, may be a block of such a library: gives it back to
 * it, and says once that its blocks are not guarded. */
bool foreign_free(void *memory);

/* The same for realloc(): true if it was asked, and has answered in `*resized`. */
bool foreign_realloc(void *memory, size_t size, void **resized);

#endif
