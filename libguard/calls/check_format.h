/* SPDX-License-Identifier: MIT
 *
 * Formats, of bytes or wide characters, as printf and scanf understand them: the parts that both
 * have in common, and what a format of printf makes it read.
 */
#ifndef CALLS_CHECK_FORMAT_H
#define CALLS_CHECK_FORMAT_H

#include <stdarg.h>

#include "calls/check.h"

struct format {
    const char *at; /* what comes next; a zero ends it */
    size_t width; /* bytes of a character, 1 or 4 */
};

enum format_modifier { FORMAT_NONE, FORMAT_HH, FORMAT_H, FORMAT_L, FORMAT_LL, FORMAT_LONG_DOUBLE };

/* Checks the format itself. False if it is broken and not to be looked at any further. */
bool format_begin(const struct check *check, struct format *format);

/* The next character, which only take and skip go past; skip only if it is the one given. */
unsigned format_peek(const struct format *format);
unsigned format_take(struct format *format);
bool format_skip(struct format *format, char character);

/* Goes behind the next '%' that begins a conversion; false if there is none. */
bool format_conversion(struct format *format);

/* Goes past digits, of which there may be none. False if the number is too large or is a position.
 */
bool format_number(struct format *format, size_t *value);

/* Goes past a modifier of length. 64-bit integers of all names are LL. */
enum format_modifier format_modifier(struct format *format);

/* Checks the texts that printf reads for a format of characters of `width` bytes. `list` stays as
 * it is. */
void check_printed(const struct check *check, const void *format, size_t width, va_list list);

/* A wide text that is converted until the end, an invalid character, or the one that would make it
 * more than `most` bytes: reported if its block ends before. Returns the number of bytes, the end's
 * among them. */
size_t check_wide_as_bytes(const struct check *check, const wchar_t *text, size_t most);

#endif
