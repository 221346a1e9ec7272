/* SPDX-License-Identifier: MIT
 *
 * The cookie of a C++ array: `new T[n]` puts the number of elements before the first of them where
 * they have destructors, and returns the address behind it; `delete[]` looks there and gives back
 * the block that begins with it. A `delete` or free() of such an array, or a `delete[]` of what is
 * none, is therefore off by the size of a cookie. Pure functions.
 */
#ifndef DIAG_COOKIE_H
#define DIAG_COOKIE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heap/heap.h"
#include "mmtrace.h"

/* The block that a deallocation by `function` at `address`, where no block starts, was meant for,
 * if it is off by a cookie: &view->before, an array of which `count` elements begin at the address
 * (in the word before it), or &view->after, which is no array. NULL if it is not. */
const struct block *cookie_block(uintptr_t address, uint8_t function, uint64_t count,
                                 const struct heap_view *view);

/* Whether `value` is the end of an array, or lies within its last element, that would begin at
 * `block`, which is none, if the word before the block were its number of elements: what `delete[]`
 * computes before it calls the first destructor. `slack` is that word. */
bool cookie_leads_to(uint64_t value, uint64_t slack, const struct block *block);

#endif
