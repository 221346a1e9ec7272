/* SPDX-License-Identifier: MIT
 *
 * What free, operator delete and all their relatives come down to: the heap frees the block and
 * says what it was; what is wrong with that is diagnosed from this outcome and reported.
 */
#ifndef ALLOC_RELEASE_H
#define ALLOC_RELEASE_H

#include "base/thread.h"
#include "heap/heap.h"
#include "stack/capture.h"

/* Frees what `request` says and reports what is wrong with it. `request->address` is not 0; stack
 * and thread are filled in. */
void release(struct heap_release *request, struct stack_start start);

/* The same where the stack was captured, in a process with a heap of ours. */
void release_captured(struct thread *self, const struct heap_release *request);

#endif
