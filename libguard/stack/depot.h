/* SPDX-License-Identifier: MIT
 *
 * The stack depot: every distinct call stack once, as a path in a tree of frames. A stack is named
 * by the dense id of its innermost frame's node; stacks with common callers share nodes. Ids are
 * never reused and nodes never change, so reads need no lock.
 *
 * Signal-safe, lock-free; NULL-safe before any insertion. Nodes are in the trace's own format
 * (struct mmt_frame).
 */
#ifndef STACK_DEPOT_H
#define STACK_DEPOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mmtrace.h"

/* A frame as the unwinder delivers it. */
struct depot_frame {
    uintptr_t pc;
    uint32_t flags; /* MMT_FRAME_EXACT, MMT_FRAME_TRUNCATED */
};

/* `frames` innermost first. The id of the stack, or 0 if `count` is 0 or there is no memory for a
 * new node. The module of each new node is looked up (modules_find). The same frames give the same
 * id, until modules_changed() finds that one of their modules is gone. */
uint32_t depot_put(const struct depot_frame *frames, size_t count);

/* One step of a walk: the return address `pc` lies right below `cfa`. */
struct depot_step {
    uintptr_t cfa, pc;
};

/* A number for a list of steps, made up by adding them from the innermost to the outermost,
 * beginning with 0. */
static inline uint64_t depot_hash(uint64_t hash, uintptr_t pc)
{
    hash = (hash + pc) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 32;
}

/* The stack whose innermost frames are `steps` and whose others are stack `base` (0: there are
 * none); `truncated` marks the outermost of the steps. As depot_put() otherwise. `hash` is the
 * depot_hash() of the steps: stacks seen lately are recognized by its 64 bits alone, so that two
 * different stacks in a program with a million of them are taken for one with a probability of
 * 3e-8. */
uint32_t depot_put_steps(uint32_t base, const struct depot_step *steps, size_t count,
                         bool truncated, uint64_t hash);

/* Node `id`, 1 <= id <= depot_count(); NULL otherwise. */
const struct mmt_frame *depot_node(uint32_t id);
uint32_t depot_count(void);

/* What goes with node `id`, all 0 at first; NULL if there is no such node. */
struct depot_notes {
    _Atomic uint32_t site; /* of sites.c */
    _Atomic uint32_t place; /* of place.c */
};
struct depot_notes *depot_notes(uint32_t id);

/* Frames of stack `id`, innermost first, at most `size`. Returns how many. */
size_t depot_get(uint32_t id, struct mmt_frame *frames, size_t size);

/* Nodes of module `module` are not handed out again: the same addresses get new nodes. For
 * modules_changed(). */
void depot_retire_module(uint32_t module);

/* The process is going to be limited to `limit` bytes of address space: gives back what is reserved
 * and was never used, but for a share of the limit. */
void depot_give_up_space(size_t limit);

#endif
