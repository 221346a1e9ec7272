/* SPDX-License-Identifier: MIT
 *
 * Which blocks are guarded, and which frees revoked at once. Where exactness costs memory or time,
 * the first blocks of each call site get it, then a decaying share, by count and not by time, so
 * that a run can be repeated: a million blocks from one site say little more than the first
 * hundred.
 */
#ifndef HEAP_POLICY_H
#define HEAP_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "heap/local.h"

#define POLICY_AUTO        (-1) /* values of `guard` that are not a number N */
#define POLICY_ALL         (-2)
#define POLICY_FAIR        (-3)
#define POLICY_NOW         (-1) /* values of `revoke` that are not the length of a window */
#define POLICY_BUDGET_AUTO (-1)
#define POLICY_BUDGET_NONE 0

struct policy_options {
    int64_t guard; /* POLICY_AUTO, POLICY_ALL, POLICY_FAIR, or N: one block in N */
    int64_t revoke; /* POLICY_NOW, POLICY_FAIR, or N: N frees at a time */
    int64_t budget; /* bytes that guarding may cost, POLICY_BUDGET_AUTO or POLICY_BUDGET_NONE */
};

void policy_init(const struct policy_options *options, const struct page_backend *backend);

/* Whether the next block of call site `stack` gets guard pages. */
bool policy_guard(struct heap_local *local, uint32_t stack);

/* Bytes that guarding may cost; very many while that is not found out. */
uint64_t policy_budget(void);

/* Length of the window of frees that wait to be revoked together; 0 if every free is revoked at
 * once. */
uint32_t policy_window(void);
/* Whether a block allocated and freed at these places is revoked at once, although there is a
 * window. */
bool policy_revoke_now(uint32_t alloc_stack, uint32_t free_stack);

#endif
