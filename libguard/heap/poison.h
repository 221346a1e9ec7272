/* SPDX-License-Identifier: MIT
 *
 * Poison: what a freed block is filled with while its memory is still accessible, in the compact
 * heap and in a window of frees that are not revoked yet. Each word is a pointer that the processor
 * refuses (not canonical) and that carries the block's address, so that a fault on it names the
 * block it was read from; and a word that changed tells of a write after the free.
 */
#ifndef HEAP_POISON_H
#define HEAP_POISON_H

#include <stdbool.h>
#include <stdint.h>

#include "heap/block.h"

/* False where its memory cannot be written to, nor be made so. */
bool poison_fill(const struct block *block);

/* The first byte of a poisoned block that was overwritten; 0 if none was, or if it cannot be read.
 */
uintptr_t poison_damage(const struct block *block);

/* What was found at a byte that poison_damage() told of, what belonged there, and how many bytes in
 * a row were overwritten, as far as is looked; 0 if it cannot be read any more. */
void poison_details(const struct block *block, uintptr_t damaged, uint8_t *expected, uint8_t *found,
                    uint16_t *length);

/* If `value` may come from poison: the start of the block it was read from, else 0. */
uintptr_t poison_origin(uintptr_t value);

#endif
