/* SPDX-License-Identifier: MIT
 *
 * Blocks of libc's own allocator: those of a process without a heap of ours, and those of code that
 * was bound to libc before or past us.
 */
#ifndef ALLOC_LIBC_BLOCK_H
#define ALLOC_LIBC_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* By the function of libc that `function` and `alignment` ask for. NULL without memory. */
void *libc_block_allocate(size_t size, size_t alignment, uint8_t function);

void libc_block_free(void *memory);

/* Whether `address`, which is not our heap's, looks like such a block. Never faults. */
bool libc_block_may_be(uintptr_t address);

#endif
