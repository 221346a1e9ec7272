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

/* ---- what the families share. In the name of the function `name`; `room` is what the compiler
 * knew of, in elements: where that is not enough, the real function ends the program. */

/* The real memmove. */
void *check_move(void *to, const void *from, size_t size);

/* check_text(). */
size_t check_text_of(const void *text, size_t most, size_t width, const char *name);

/* check_array(). Returns how many of the elements may be accessed; all if they exceed the room. */
size_t check_counted(const void *memory, size_t count, size_t width, enum mmt_direction direction,
                     size_t room, const char *name);

/* How much of `most` characters may be written to `to`, of which `needed` will be. */
size_t check_needed(const struct check *check, void *to, size_t needed, size_t most, size_t width);

/* strcpy and its relatives: checks, copies, and returns the length in characters; CHECK_ENDS if
 * the real function is to end the program. */
#define CHECK_ENDS SIZE_MAX
size_t check_text_copy(void *to, const void *from, size_t room, size_t width, const char *name);

/* strcat and strncat: appends at most `most` characters and a zero. False as CHECK_ENDS. */
bool check_text_append(void *to, const void *from, size_t most, size_t room, size_t width,
                       const char *name);

/* strncpy, all but the copying; returns how many characters may be written. */
size_t check_text_field(void *to, const void *from, size_t size, size_t room, size_t width,
                        const char *name);

/* strcmp and its relatives, by the real function for at most so many characters. A comparison needs
 * its texts up to the first difference only. */
typedef int check_comparison(const void *left, const void *right, size_t most);
int check_text_compare(const void *left, const void *right, size_t most, check_comparison *compare,
                       size_t width, const char *name);

/* ---- rows
 *
 *     CALL(result, name, (parameters), (arguments), roles)
 *
 * defines a checked function that does what its roles say and then calls the real one.
 *     CALL_AS(result, symbol, name, ...)   reports name it otherwise
 *     FORTIFIED(...)                       __NAME_chk, with `room` as the last parameter, as well
 *     FORTIFIED_ONLY(...)                  __NAME_chk alone
 * A role may be any statement; it finds the name in `name_`, and in `room` what the compiler knew
 * of. There are these, of which the last two cut the count to what may be accessed:
 *     TEXT(text)                TEXT_WITHIN(text, most)
 *     SOURCE(memory, count)     TARGET(memory, count)
 */
#define PLAIN(...) __VA_ARGS__

#define CALL(result, name, ...) CALL_AS(result, name, name, __VA_ARGS__)
#define CALL_AS(result, symbol, name, parameters, arguments, ...)                                  \
    CHECKED(result, symbol, parameters)                                                            \
    {                                                                                              \
        CALL_BODY(symbol, name, arguments, size_t room = SIZE_MAX; (void)room; __VA_ARGS__)        \
    }
#define FORTIFIED(result, name, ...)                                                               \
    CALL(result, name, __VA_ARGS__)                                                                \
    FORTIFIED_ONLY(result, name, __VA_ARGS__)
#define FORTIFIED_ONLY(result, name, parameters, arguments, ...)                                   \
    FORTIFIED_AS(result, __##name##_chk, name, (PLAIN parameters, size_t room),                    \
                 (PLAIN arguments, room), __VA_ARGS__)
#define FORTIFIED_AS(result, symbol, name, parameters, arguments, ...)                             \
    CHECKED(result, symbol, parameters)                                                            \
    {                                                                                              \
        CALL_BODY(symbol, name, arguments, __VA_ARGS__)                                            \
    }
#define CALL_BODY(symbol, name, arguments, ...)                                                    \
    const char *const name_ = #name;                                                               \
    __VA_ARGS__                                                                                    \
    return NEXT(symbol) arguments;

#define TEXT(text) TEXT_WITHIN(text, SIZE_MAX)
#define TEXT_WITHIN(text, most)                                                                    \
    if (unlikely(check_ours(text)))                                                                \
        check_text_of(text, most, sizeof(*(text)), name_);
#define SOURCE(memory, count) COUNTED(memory, count, MMT_DIRECTION_READ)
#define TARGET(memory, count) COUNTED(memory, count, MMT_DIRECTION_WRITE)
#define COUNTED(memory, count, direction)                                                          \
    if (unlikely(check_ours(memory)))                                                              \
        count = check_counted(memory, count, sizeof(*(memory)), direction, room, name_);

/* Defines a function that does all by itself, in what follows, if `ours`: an irregular one. */
#define CHECKED_APART(result, name, parameters, arguments, ours)                                   \
    CHECKED_APART_AS(result, name, name, parameters, arguments, ours)
#define CHECKED_APART_AS(result, symbol, name, parameters, arguments, ours)                        \
    static NOINLINE result symbol##_checked(PLAIN parameters, const char *name_);                  \
    CHECKED(result, symbol, parameters)                                                            \
    {                                                                                              \
        return unlikely(ours) ? symbol##_checked(PLAIN arguments, #name) : NEXT(symbol) arguments; \
    }                                                                                              \
    static NOINLINE result symbol##_checked(PLAIN parameters, const char *name_)

#endif
