/* SPDX-License-Identifier: MIT
 *
 * RLIMIT_DATA (ulimit -d) as it was when the program started. The kernel counts all private
 * writable memory against it, used or not. Ours is reserved far beyond what is used, so it is
 * mapped as something that does not count: a stack, which a mapping that may grow downwards is to
 * the kernel. It never does: below each lies one that is inaccessible and does not grow.
 */
#ifndef BASE_DATA_LIMIT_H
#define BASE_DATA_LIMIT_H

#include <stddef.h>
#include <stdint.h>

/* Bytes; UINT64_MAX if there is no limit. */
uint64_t data_limit(void);

/* What makes a mapping of ours not count: a flag for mmap(), 0 if there is no limit. */
int data_uncounted_flag(void);

/* As sys_map() of readable and writable memory anywhere, with a page below it if there is a limit.
 */
void *data_map_uncounted(size_t length);
void data_unmap_uncounted(void *memory, size_t length);

#endif
