/* SPDX-License-Identifier: MIT */
#include "util/cursor.h"

#include "util/xalloc.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool cursor_fail(struct cursor *cursor, uint64_t position, const char *format, ...)
{
    cursor->failed = true;
    if (cursor->failure == NULL)
        return false;
    va_list arguments;
    va_start(arguments, format);
    char *what = NULL;
    if (vasprintf(&what, format, arguments) < 0)
        what = xalloc_text("unreadable", strlen("unreadable"));
    va_end(arguments);
    failure_set(cursor->failure, "%s: offset 0x%" PRIx64 ": %s%s%s", cursor->file,
                cursor->base + position, cursor->section != NULL ? cursor->section : "",
                cursor->section != NULL ? ": " : "", what);
    free(what);
    return false;
}

bool cursor_skip(struct cursor *cursor, uint64_t size, const char *what)
{
    if (size > cursor_left(cursor)) {
        return cursor_fail(cursor, cursor->position,
                           "%s needs %" PRIu64 " bytes, %" PRIu64 " are left", what, size,
                           cursor_left(cursor));
    }
    cursor->position += size;
    return true;
}

bool cursor_read(struct cursor *cursor, void *out, size_t size, const char *what)
{
    uint64_t start = cursor->position;
    if (!cursor_skip(cursor, size, what))
        return false;
    if (size != 0)
        memcpy(out, cursor->data + start, size);
    return true;
}

bool cursor_array(struct cursor *cursor, uint64_t count, size_t size, const uint8_t **out,
                  const char *what)
{
    if (size != 0 && count > cursor_left(cursor) / size) {
        return cursor_fail(cursor, cursor->position,
                           "%" PRIu64 " %s of %zu bytes each do not fit the %" PRIu64
                           " bytes that are left",
                           count, what, size, cursor_left(cursor));
    }
    *out = cursor->data + cursor->position;
    cursor->position += count * size;
    return true;
}

bool cursor_range(struct cursor *cursor, uint64_t offset, uint64_t length, const char **out,
                  const char *what)
{
    if (offset > cursor->size || length > cursor->size - offset) {
        return cursor_fail(cursor, 0,
                           "%s (%" PRIu64 " bytes at %" PRIu64
                           ") is outside the payload of %" PRIu64 " bytes",
                           what, length, offset, cursor->size);
    }
    *out = (const char *)cursor->data + offset;
    return true;
}

bool cursor_sub(struct cursor *cursor, uint64_t size, const char *section, struct cursor *out)
{
    uint64_t start = cursor->position;
    if (!cursor_skip(cursor, size, section))
        return false;
    *out = *cursor;
    out->section = section;
    out->data = cursor->data + start;
    out->size = size;
    out->position = 0;
    out->base = cursor->base + start;
    return true;
}
