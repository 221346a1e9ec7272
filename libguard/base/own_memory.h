/* SPDX-License-Identifier: MIT
 *
 * libguard's own memory: tables and small records, taken from the kernel and never from the
 * program's heap. Everything is registered, so that the leak check does not take our tables for the
 * program's roots, and is counted.
 *
 * All functions are signal-safe. Memory is zeroed.
 */
#ifndef BASE_OWN_MEMORY_H
#define BASE_OWN_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Maps `length` bytes (rounded up to pages), read and write, paid for only when touched. NULL if
 * the kernel refuses. */
void *own_map(size_t length);

/* Gives such a mapping back, whole. */
void own_unmap(void *address, size_t length);

/* Maps the first `length` bytes of a file, shared with it, and missing in a forked child. NULL if
 * the kernel refuses. */
void *own_map_file(int fd, size_t length);

/* The mapping that begins at `address` is not there: in a forked child that did not get it. */
void own_forget(void *address);

/* Gives back whole pages inside such a mapping, not its first; the rest stays. They are kept if the
 * register is full. */
void own_unmap_part(void *address, size_t length);

/* Small pieces that live for ever, aligned to 16. NULL if there is no memory. */
void *own_alloc(size_t size);

/* Makes sure that the next 32 MiB of own_alloc() need no system call, if they can be had. */
void own_stock_up(void);

/* Whether `address` lies in memory from own_map() or own_alloc(). Lock-free. */
bool own_contains(uintptr_t address);

/* Calls `visit` for each of our mappings. Lock-free: may be called with the world stopped. */
void own_each(void (*visit)(uintptr_t start, uintptr_t end, void *argument), void *argument);

/* Bytes of our memory that are in use, i.e. backed by pages. Takes time in proportion to what is
 * mapped. */
uint64_t own_resident(void);

#endif
