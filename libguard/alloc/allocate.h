/* SPDX-License-Identifier: MIT
 *
 * What malloc, operator new and all their relatives come down to. Freeing: release.h.
 */
#ifndef ALLOC_ALLOCATE_H
#define ALLOC_ALLOCATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/thread.h"
#include "heap/heap.h"
#include "stack/capture.h"

/* How many scopes the calling thread is in whose allocations are no leaks. */
extern __thread uint32_t allocate_ignoring
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

/* A block, zeroed if `function` is calloc; NULL without memory, with errno left alone. `alignment`
 * 0 is the default. A size that no allocation can have is reported. */
void *allocate(size_t size, size_t alignment, uint8_t function, struct stack_start start);

/* The same where the stack was captured, in a process with a heap of ours. */
void *allocate_captured(struct thread *self, const struct heap_request *request);

/* An array whose size does not fit size_t. */
void report_size_overflow(size_t count, size_t size, uint8_t function, struct stack_start start);

#endif
