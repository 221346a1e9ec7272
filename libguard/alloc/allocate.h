/* SPDX-License-Identifier: MIT
 *
 * What malloc, operator new and all their relatives come down to.
 */
#ifndef ALLOC_ALLOCATE_H
#define ALLOC_ALLOCATE_H

#include <stddef.h>
#include <stdint.h>

#include "diag/diagnose.h"
#include "stack/capture.h"

/* How many scopes the calling thread is in whose allocations are no leaks. */
extern __thread uint32_t allocate_ignoring
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

/* A block, zeroed if `function` is calloc; NULL without memory, with errno left alone. `alignment`
 * 0 is the default. A size that no allocation can have is reported. */
void *allocate(size_t size, size_t alignment, uint8_t function, struct stack_start start);

/* Frees what `release` says and reports what is wrong with it. `release->address` is not 0. */
void release(const struct diagnose_release *release, struct stack_start start);

/* Whether `address`, which is not our heap's, looks like a block of libc's own allocator: made by
 * code that was bound to libc before or past us. */
bool may_be_libc_block(uintptr_t address);

/* Reports every live block whose slack was overwritten. */
void sweep_slack(void);

/* An array whose size does not fit size_t. */
void report_size_overflow(size_t count, size_t size, uint8_t function, struct stack_start start);

#endif
