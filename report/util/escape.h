/* SPDX-License-Identifier: MIT
 *
 * Texts from a trace or an ELF file on their way to a terminal or into JSON. What could move the
 * cursor, change colours or reorder a line (control characters, ESC, bidirectional overrides) and
 * what is not UTF-8 is written as \xNN.
 */
#ifndef UTIL_ESCAPE_H
#define UTIL_ESCAPE_H

#include <stddef.h>

/* Returns a harmless, valid UTF-8 copy, to be released with free(). */
char *escape_text(const char *bytes, size_t length);

/* Length in bytes of the valid UTF-8 character at `bytes` (which has `length` > 0 bytes), 0 if
 * there is none. */
size_t escape_utf8_length(const char *bytes, size_t length);

/* How many of the first bytes are printable ASCII other than quotation marks and backslashes: what
 * no output has to change. */
size_t escape_plain(const char *bytes, size_t length);

/* Columns a text of escape_text() takes, one a character. */
size_t escape_columns(const char *text);

#endif
