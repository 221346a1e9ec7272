/* SPDX-License-Identifier: MIT
 *
 * Memory for mmreport. Running out of it prints one line and exits with status 2, so no caller
 * checks for NULL.
 */
#ifndef UTIL_XALLOC_H
#define UTIL_XALLOC_H

#include <stddef.h>

/* Returns `size` uninitialised bytes, to be released with free(). Never NULL. */
void *xalloc(size_t size);

/* Returns `count` zeroed elements of `size` bytes. A product that overflows counts as out of
 * memory. */
void *xalloc_zeroed(size_t count, size_t size);

/* Returns `pointer` resized to `count` elements of `size` bytes. */
void *xalloc_resize(void *pointer, size_t count, size_t size);

/* Returns a terminated copy of `length` bytes. */
char *xalloc_text(const char *bytes, size_t length);

/* Returns a formatted text, to be released with free(). */
char *xalloc_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
