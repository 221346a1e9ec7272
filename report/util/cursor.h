/* SPDX-License-Identifier: MIT
 *
 * A bounded reader of bytes nobody vouches for. Every byte of a trace, of what the symbolizing
 * child answers, and of DWARF that is not read by a library, passes a cursor. A read that does not
 * fit sets `failed`.
 *
 * Most reads tell of it: they return false, move nothing, and set the failure to `FILE: offset
 * 0x..: SECTION: what`, once; the offset is that of the thing that is wrong, counted from the start
 * of the file.
 *
 * Those of numbers and texts return what they read, or 0 and "" if it does not fit, and then leave
 * nothing more to be read: a list of them needs one look at `failed` behind it. They are for bytes
 * that somebody else can be asked to read, and give no message. They are inline, and a cursor that
 * is a local variable stays in registers: millions of them make a line table.
 */
#ifndef UTIL_CURSOR_H
#define UTIL_CURSOR_H

#include "util/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct cursor {
    const char *file; /* name for messages */
    const char *section; /* name of the record for messages, or NULL */
    const uint8_t *data;
    uint64_t size; /* bytes at `data` */
    uint64_t position; /* <= size */
    uint64_t base; /* offset of data[0] in the file */
    struct failure *failure; /* NULL: nobody wants a message */
    bool failed; /* something did not fit */
};

/* Bytes not yet read. */
static inline uint64_t cursor_left(const struct cursor *cursor)
{
    return cursor->size - cursor->position;
}

/* Sets the failure, with the offset of byte `position` of this cursor. Returns false. */
bool cursor_fail(struct cursor *cursor, uint64_t position, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Copies the next `size` bytes to `out`. `what` names them in the message. */
bool cursor_read(struct cursor *cursor, void *out, size_t size, const char *what);

/* Passes over `size` bytes. */
bool cursor_skip(struct cursor *cursor, uint64_t size, const char *what);

/* Gives the address of the next `count` elements of `size` bytes each (it may be unaligned) and
 * passes over them. */
bool cursor_array(struct cursor *cursor, uint64_t count, size_t size, const uint8_t **out,
                  const char *what);

/* Gives the address of `length` bytes at `offset` of the cursor's data, wherever its position is.
 */
bool cursor_range(struct cursor *cursor, uint64_t offset, uint64_t length, const char **out,
                  const char *what);

/* Gives a cursor over the next `size` bytes, called `section`, and passes over them. */
bool cursor_sub(struct cursor *cursor, uint64_t size, const char *section, struct cursor *out);

/* A cursor over the bytes of a section from `offset` on, which has failed if there are none. */
static inline struct cursor cursor_from(const struct cursor *section, uint64_t offset)
{
    struct cursor cursor = *section;
    cursor.failed = offset >= section->size;
    cursor.position = cursor.failed ? section->size : offset;
    return cursor;
}

/* Passes over `size` bytes. */
static inline void cursor_pass(struct cursor *cursor, uint64_t size)
{
    uint64_t left = cursor_left(cursor);
    cursor->failed |= size > left;
    cursor->position += size > left ? left : size;
}

/* A number of `size` bytes, 8 at most, in the machine's byte order. */
static inline uint64_t cursor_number(struct cursor *cursor, size_t size)
{
    uint64_t number = 0;
    if (size <= cursor_left(cursor))
        memcpy(&number, cursor->data + cursor->position, size);
    cursor_pass(cursor, size);
    return number;
}

/* Reads a number in LEB128, of more than 64 bits the lower ones. Returns how many bytes it has; if
 * it does not end, or not within ten, 0, and `number` is 0. */
static inline unsigned cursor_leb128(struct cursor *cursor, uint64_t *number)
{
    uint64_t left = cursor_left(cursor), bits = 0;
    for (unsigned i = 0; i < left && i < 10; i++) {
        uint8_t byte = cursor->data[cursor->position + i];
        bits |= (uint64_t)(byte & 0x7f) << 7 * i;
        if (byte < 0x80) {
            cursor->position += i + 1;
            *number = bits;
            return i + 1;
        }
    }
    cursor->position = cursor->size;
    cursor->failed = true;
    *number = 0;
    return 0;
}

/* An unsigned number in LEB128 (DWARF 5, section 7.6). */
static inline uint64_t cursor_unsigned(struct cursor *cursor)
{
    uint64_t number;
    if (cursor->position < cursor->size && cursor->data[cursor->position] < 0x80)
        return cursor->data[cursor->position++]; /* as most are */
    cursor_leb128(cursor, &number);
    return number;
}

/* A signed number in LEB128. */
static inline int64_t cursor_signed(struct cursor *cursor)
{
    uint64_t number;
    unsigned length = cursor_leb128(cursor, &number);
    bool negative = length != 0 && (cursor->data[cursor->position - 1] & 0x40) != 0;
    return (int64_t)(negative && length < 10 ? number | ~UINT64_C(0) << 7 * length : number);
}

/* A text that a zero ends. */
static inline const char *cursor_text(struct cursor *cursor)
{
    uint64_t left = cursor_left(cursor);
    const char *start = left != 0 ? (const char *)cursor->data + cursor->position : "";
    const char *zero = left != 0 ? memchr(start, '\0', left) : NULL;
    cursor_pass(cursor, zero != NULL ? (uint64_t)(zero + 1 - start) : left + 1);
    return zero != NULL ? start : "";
}

#endif
