/* SPDX-License-Identifier: MIT
 *
 * A bounded reader of bytes nobody vouches for. Every byte of a trace, and of what the symbolizing
 * child answers, passes a cursor. A read that does not fit fails, moves nothing, and sets the
 * failure to `FILE: offset 0x..: SECTION: what`, once; the offset is that of the thing that is
 * wrong, counted from the start of the file.
 */
#ifndef CURSOR_H
#define CURSOR_H

#include "util/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
    const char *file; /* name for messages */
    const char *section; /* name of the record for messages, or NULL */
    const uint8_t *data;
    uint64_t size; /* bytes at `data` */
    uint64_t position; /* <= size */
    uint64_t base; /* offset of data[0] in the file */
    struct failure *failure;
};

/* Bytes not yet read. */
uint64_t cursor_left(const struct cursor *cursor);

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

#endif
