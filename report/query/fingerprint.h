/* SPDX-License-Identifier: MIT
 *
 * What makes two leaks of different runs, builds and machines the same: their kind and the
 * innermost functions of the program, by name of function, module and source file. No addresses and
 * no line numbers: an edit elsewhere in the file changes nothing.
 */
#ifndef QUERY_FINGERPRINT_H
#define QUERY_FINGERPRINT_H

#include "query/callpath.h"
#include "util/textbuf.h"

/* Functions outside of allocators and system libraries that a fingerprint has. */
#define FINGERPRINT_FRAMES 4

/* Adds the text of the fingerprint: "definite|function|module|file|function|...". Of a stack that
 * is all of system libraries, those are taken. Of files, the last two parts of the path count. */
void fingerprint_put(struct textbuf *buffer, const struct profile *profile, const char *kind,
                     uint32_t stack);

/* The same for a stack's path without what callpath.h leaves out. */
void fingerprint_put_path(struct textbuf *buffer, const struct profile *profile, const char *kind,
                          const struct callpath *path);

/* Sets the entries of the path that its fingerprint has. Returns their number. */
size_t fingerprint_frames(const struct profile *profile, const struct callpath *path,
                          const struct callpath_entry *taken[FINGERPRINT_FRAMES]);

/* The hash that stands for a text: 64 bits, the same on every machine. */
uint64_t fingerprint_hash(const char *text);

#endif
