/* SPDX-License-Identifier: MIT */
#include "util/textbuf.h"

#include "util/escape.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *textbuf_text(const struct textbuf *buffer)
{
    return buffer->bytes.items != NULL ? buffer->bytes.items : "";
}

void textbuf_clear(struct textbuf *buffer)
{
    buffer->bytes.count = 0;
    if (buffer->bytes.items != NULL)
        buffer->bytes.items[0] = '\0';
}

void textbuf_free(struct textbuf *buffer)
{
    VEC_FREE(&buffer->bytes);
}

void textbuf_put_bytes(struct textbuf *buffer, const char *bytes, size_t length)
{
    size_t needed = buffer->bytes.count + length + 1;
    if (needed > buffer->bytes.capacity) {
        buffer->bytes.capacity = needed * 2;
        buffer->bytes.items = xalloc_resize(buffer->bytes.items, buffer->bytes.capacity, 1);
    }
    memcpy(buffer->bytes.items + buffer->bytes.count, bytes, length);
    buffer->bytes.count += length;
    buffer->bytes.items[buffer->bytes.count] = '\0';
}

void textbuf_put(struct textbuf *buffer, const char *text)
{
    textbuf_put_bytes(buffer, text, strlen(text));
}

void textbuf_format(struct textbuf *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = NULL;
    if (vasprintf(&text, format, arguments) >= 0) {
        textbuf_put(buffer, text);
        free(text);
    }
    va_end(arguments);
}

void textbuf_put_hex(struct textbuf *buffer, uint64_t number)
{
    char digits[2 + 16];
    size_t at = sizeof digits;
    do {
        digits[--at] = "0123456789abcdef"[number & 15];
        number >>= 4;
    } while (number != 0);
    digits[--at] = 'x';
    digits[--at] = '0';
    textbuf_put_bytes(buffer, digits + at, sizeof digits - at);
}

void textbuf_put_escaped(struct textbuf *buffer, const char *text)
{
    char *safe = escape_text(text, strlen(text));
    textbuf_put(buffer, safe);
    free(safe);
}
