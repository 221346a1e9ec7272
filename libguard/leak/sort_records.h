/* SPDX-License-Identifier: MIT */
#ifndef LEAK_SORT_RECORDS_H
#define LEAK_SORT_RECORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Sorts `count` records of `size` bytes, a multiple of 8, so that none is `before` one ahead of it.
 * In place, without libc; time n log n in every case. Records that are equal come in any order. */
void sort_records(void *records, size_t count, size_t size,
                  bool (*before)(const void *a, const void *b));

#endif
