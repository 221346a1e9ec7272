/* SPDX-License-Identifier: MIT
 *
 * A text that grows.
 */
#ifndef UTIL_TEXTBUF_H
#define UTIL_TEXTBUF_H

#include "util/vec.h"

#include <stdint.h>

struct textbuf {
    VEC(char) bytes; /* terminated once something was added */
};

/* The text so far; "" when empty. Valid until the next change. */
const char *textbuf_text(const struct textbuf *buffer);

void textbuf_clear(struct textbuf *buffer);
void textbuf_free(struct textbuf *buffer);
void textbuf_put(struct textbuf *buffer, const char *text);
void textbuf_put_bytes(struct textbuf *buffer, const char *bytes, size_t length);
void textbuf_format(struct textbuf *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds "0x" and the number's hexadecimal digits. */
void textbuf_put_hex(struct textbuf *buffer, uint64_t number);

/* Adds a text of unknown origin, escaped (util/escape.h). */
void textbuf_put_escaped(struct textbuf *buffer, const char *text);

#endif
