/* SPDX-License-Identifier: MIT
 *
 * What the program has told us for the leak check: memory that counts as a root, and pieces that an
 * allocator of its own handed out. Kept for the whole run; a forked child inherits it.
 *
 * Unless said otherwise: signal-safe, any thread, errno untouched.
 */
#ifndef LEAK_DECLARED_H
#define LEAK_DECLARED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heap/block.h"

/* [start, start + size) is a root from now on. 0, or -ENOMEM when there are too many, or -EINVAL if
 * the range is empty or wraps around. The same range may be added several times. */
int declared_add_root(uintptr_t start, size_t size);
/* Takes back one addition of exactly this range. 0, or -ENOENT. */
int declared_remove_root(uintptr_t start, size_t size);
/* World stopped. */
void declared_each_root(void (*visit)(uintptr_t start, uintptr_t end, void *argument),
                        void *argument);

/* A word of the program's that is in our hands for a while, such as the argument of a thread that
 * has not begun. It is a root until it is released. */
struct declared_word {
    uintptr_t value;
    struct declared_word *next, *previous;
};
void declared_hold(struct declared_word *word);
void declared_release(struct declared_word *word);

/* A piece of a pool: `piece` says start, size, and who allocated it. Replaces what was known of the
 * same start. 0 or -ENOMEM. */
int declared_add_piece(const struct block *piece);
/* The piece that starts there is none any more. 0 or -ENOENT. */
int declared_remove_piece(uintptr_t start);
/* The same for every piece that starts in [start, end). How many those were. */
size_t declared_remove_pieces(uintptr_t start, uintptr_t end);
/* Copies the piece that contains `address`; slow. */
bool declared_look(uintptr_t address, struct block *copy);

/* ---- for one leak check at a time, the holder of LOCK_LEAK_CHECK */

/* Puts the pieces in order. World stopped. False without memory. */
bool declared_arrange(void);
void declared_arrange_end(void);

/* Between those two; nothing is known outside. */
bool declared_any(void);
struct block *declared_find(uintptr_t address);
void declared_each(bool (*visit)(struct block *block, void *argument), void *argument);
/* The first piece that ends behind `address`, or NULL. */
const struct block *declared_next(uintptr_t address);

#endif
