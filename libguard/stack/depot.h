/* SPDX-License-Identifier: MIT
 *
 * The stack depot: every distinct call stack once, as a path in a tree of frames. A stack is named by the dense id of its innermost frame's
 * node; stacks with common callers share nodes. Ids are never reused and nodes never change, so reads need no lock.
 *
 * Signal-safe, lock-free; NULL-safe before any insertion. Nodes are in the trace's own format (struct mmt_frame).
 */
#ifndef STACK_DEPOT_H
#define STACK_DEPOT_H

#include <stddef.h>
#include <stdint.h>

#include "mmtrace.h"

/* A frame as the unwinder delivers it. */
struct depot_frame {
    uintptr_t pc;
    uint32_t flags; /* MMT_FRAME_EXACT, MMT_FRAME_TRUNCATED */
};

/* `frames` innermost first. The id of the stack, or 0 if `count` is 0 or there is no memory for a new node. The module of each new node is
 * looked up (modules_find). The same frames give the same id, until modules_changed() finds that one of their modules is gone. */
uint32_t depot_put(const struct depot_frame *frames, size_t count);

/* Node `id`, 1 <= id <= depot_count(); NULL otherwise. */
const struct mmt_frame *depot_node(uint32_t id);
uint32_t depot_count(void);

/* Frames of stack `id`, innermost first, at most `size`. Returns how many. */
size_t depot_get(uint32_t id, struct mmt_frame *frames, size_t size);

/* Nodes of module `module` are not handed out again: the same addresses get new nodes. For modules_changed(). */
void depot_retire_module(uint32_t module);

#endif
