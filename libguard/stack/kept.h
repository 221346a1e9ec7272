/* SPDX-License-Identifier: MIT
 *
 * The stack a thread captured last, kept so that the next capture only walks the frames that are
 * new.
 *
 * A walk reads nothing but words of the stack and rows. So if it comes to a frame that was kept
 * (same CFA, same return address, and same rbp where a row further out needs it), and all the words
 * that were read from there on are unchanged, then the rest of the walk would find what it found
 * before, whatever happened in between: returns, longjmp(), another coroutine on the same memory,
 * another thread with the same stack. Those words are compared, one load each, and the id of the
 * rest is known. Rows change only when a module is unloaded: row_generation.
 *
 * Not kept are stacks with a signal's frame in them, and those that were cut by the depth limit.
 */
#ifndef STACK_KEPT_H
#define STACK_KEPT_H

#include <stddef.h>
#include <stdint.h>

#include "stack/capture.h"

struct kept;

/* NULL without memory. */
struct kept *kept_new(void);

/* The id of the stack at `start`, of at most `depth` frames; 0 without memory. KEPT_CANNOT if it
 * must be walked without help. Only one call at a time for one `kept`: not in a signal handler that
 * interrupted another. Signal-safe. */
#define KEPT_CANNOT UINT32_MAX
uint32_t kept_capture(struct kept *kept, struct stack_start start, uintptr_t limit, size_t depth);

#endif
