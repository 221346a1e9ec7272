/* SPDX-License-Identifier: MIT
 *
 * Checks of what the program hands to library functions, before the real function runs: the whole
 * range it will access must lie in one live block, to the byte. The checked functions are in
 * check_*.c, a family a file. A pointer that is not the heap's costs a comparison.
 *
 * After a report the call is carried out as far as it can be without harm to other blocks: what
 * lies beyond the block is made accessible first, so that no fault follows.
 */
#ifndef CALLS_CHECK_H
#define CALLS_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bits.h"
#include "guard/guard.h"
#include "heap/heap.h"
#include "mmtrace.h"
#include "stack/capture.h"

/* ---- interposing */

/* Begins the definition of a checked function and makes a pointer to the real one. The name stands
 * in parentheses because libc's headers define some of these as macros with parameters too. */
#define CHECKED(result, function, parameters)                                                      \
    extern EXPORT result(function) parameters;                                                     \
    NEXT_FUNCTION(result, function, parameters);                                                   \
    EXPORT result(function) parameters

/* ---- checking */

struct check {
    const char *call; /* name of the function */
    struct stack_start start;
};
#define CHECK(name) (&(const struct check){name, STACK_START()})

/* Whether `memory` is in the heap's address space and so to be looked at. False before
 * initialisation. */
ALWAYS_INLINE bool check_ours(const void *memory)
{
    return heap_owns((uintptr_t)memory);
}

/* Bytes from `memory` to the end of its live block; SIZE_MAX if it is not the heap's; 0 if it is in
 * no live block. */
size_t check_room(const void *memory);

ALWAYS_INLINE bool check_inside(const void *memory, size_t size)
{
    return !size || check_room(memory) >= size;
}

/* Reports an access of `size` bytes from `memory` unless all of it is inside. Returns how many
 * bytes may be accessed: `size`, or fewer where going on would harm other blocks. */
size_t check_access(const struct check *check, const void *memory, size_t size,
                    enum mmt_direction direction);

/* An array; a size that overflows counts as the largest there is. */
size_t check_array(const struct check *check, const void *memory, size_t count, size_t size,
                   enum mmt_direction direction);

/* Length in characters of a text whose characters are `width` bytes (1 or 4), at most `most`;
 * reported if the block ends before the text does. */
size_t check_text(const struct check *check, const void *text, size_t most, size_t width);

/* The same without a report: its length, or `most`. All of it must be accessible up to there. */
size_t check_length(const void *text, size_t most, size_t width);

/* Reports source and destination of a copy within the heap that overlap; the same address is none.
 */
void check_overlap(const struct check *check, const void *to, size_t written, const void *from,
                   size_t read);

/* ---- what the families share */

/* The real memmove. */
void *check_move(void *to, const void *from, size_t size);

/* strcpy and wcscpy: checks, copies, and returns the length in characters. */
size_t check_text_copy(const struct check *check, void *to, const void *from, size_t width);

/* strcat, strncat and their wide relatives: appends at most `most` characters and a zero. */
void check_text_append(const struct check *check, void *to, const void *from, size_t most,
                       size_t width);

/* strncpy and wcsncpy, all but the copying; returns how many characters may be written. */
size_t check_text_field(const struct check *check, void *to, const void *from, size_t size,
                        size_t width);

/* For a comparison of texts that ends at a difference: how many characters of both lie in their
 * blocks, `most` at most. */
size_t check_common_room(const void *left, const void *right, size_t most, size_t width);

/* After the first `room` characters compared equal: reports the text whose block ends there without
 * an end of the text. Returns whether there was one, or the texts may go on; false if they are the
 * same. */
bool check_compare_on(const struct check *check, const void *left, const void *right, size_t room,
                      size_t most, size_t width);

#endif
