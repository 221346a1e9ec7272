/* SPDX-License-Identifier: MIT
 *
 * Reading and writing streams. What is read may be less than the program has asked for, and then no
 * harm is done: a block is filled first, and if there is more to come, that is the overflow.
 */
/* libc's headers define some of these functions as inline ones or macros otherwise. */
#undef __NO_INLINE__
#define __NO_INLINE__ 1

#include "calls/check.h"

#include <pthread.h>
#include <stdio.h>
#include <wchar.h>

#define READ  MMT_DIRECTION_READ
#define WRITE MMT_DIRECTION_WRITE

static bool more_to_read(FILE *stream)
{
    int next = getc_unlocked(stream);
    if (next == EOF)
        return false;
    ungetc(next, stream);
    return true;
}

static bool more_to_read_wide(FILE *stream)
{
    wint_t next = getwc_unlocked(stream);
    if (next == WEOF)
        return false;
    ungetwc(next, stream);
    return true;
}

/* Waiting for input is where a thread may be cancelled. */
static void unlock(void *stream)
{
    funlockfile(stream);
}

/* ---- lines, of bytes or wide characters. Sizes are in characters. */

struct get_line {
    size_t width;
    union {
        char *(*narrow)(char *to, int size, FILE *stream);
        wchar_t *(*wide)(wchar_t *to, int size, FILE *stream);
    };
};
#define NARROW(function) ((struct get_line){1, {.narrow = NEXT(function)}})
#define WIDE(function)   ((struct get_line){sizeof(wchar_t), {.wide = NEXT(function)}})

/* To the place `at` of the line. */
static void *get_from(const struct get_line *get, void *to, size_t at, size_t size, FILE *stream)
{
    if (get->width == 1)
        return get->narrow((char *)to + at, (int)size, stream);
    return get->wide((wchar_t *)to + at, (int)size, stream);
}

static bool is_newline(const struct get_line *get, const void *line, size_t at)
{
    return get->width == 1 ? ((const char *)line)[at] == '\n'
                           : ((const wchar_t *)line)[at] == L'\n';
}

static size_t room_for(const struct get_line *get, const void *to)
{
    return check_room(to) / get->width;
}

static void *get_in_parts(const struct get_line *get, void *to, int size, FILE *stream,
                          const struct check *check)
{
    size_t room = room_for(get, to), got = 0;
    void *result = to;
    if (room > 1) {
        result = get_from(get, to, 0, room, stream);
        while (result && got < room - 1 && !is_newline(get, to, got))
            got++;
        if (!result || got < room - 1 || is_newline(get, to, got - 1))
            return result;
    }
    if (get->width == 1 ? more_to_read(stream) : more_to_read_wide(stream)) {
        size_t usable = check_access(check, to, (size_t)size * get->width, WRITE) / get->width;
        if (usable > got + 1)
            get_from(get, to, got, usable - got, stream);
    } else if (!got) {
        result = NULL;
    }
    return result;
}

static NOINLINE void *get_checked(struct get_line get, void *to, int size, FILE *stream,
                                  const struct check *check)
{
    if (likely(room_for(&get, to) >= (size_t)size))
        return get_from(&get, to, 0, (size_t)size, stream);
    void *result;
    flockfile(stream);
    pthread_cleanup_push(unlock, stream);
    result = get_in_parts(&get, to, size, stream, check);
    pthread_cleanup_pop(1);
    return result;
}

/* What libc's fortified functions end the process with. */
extern _Noreturn void __chk_fail(void);

/* A size beyond the `room` that the compiler knows of does no harm either, to libc as well, until
 * more arrives than that. */
static NOINLINE void *get_fortified(struct get_line get, void *to, size_t room, int size,
                                    FILE *stream, const struct check *check)
{
    void *line = get_checked(get, to, size, stream, check);
    if (!line || (size_t)size <= room)
        return line;
    size_t length = check_length(line, SIZE_MAX, get.width);
    bool cut = length == room - 1 && !is_newline(&get, line, length - 1) && !feof_unlocked(stream);
    if (length >= room || cut)
        __chk_fail();
    return line;
}

#define LINE_CALL(name, character, of)                                                             \
    CHECKED(character *, name, (character * to, int size, FILE *stream))                           \
    {                                                                                              \
        if (unlikely(size > 0 && check_ours(to)))                                                  \
            return get_checked(of(name), to, size, stream, CHECK(#name));                          \
        return NEXT(name)(to, size, stream);                                                       \
    }                                                                                              \
    CHECKED(character *, __##name##_chk, (character * to, size_t room, int size, FILE *stream))    \
    {                                                                                              \
        if (unlikely(size > 0 && room > 1 && check_ours(to)))                                      \
            return get_fortified(of(name), to, room, size, stream, CHECK(#name));                  \
        return NEXT(__##name##_chk)(to, room, size, stream);                                       \
    }
LINE_CALL(fgets, char, NARROW)
LINE_CALL(fgets_unlocked, char, NARROW)
LINE_CALL(fgetws, wchar_t, WIDE)
LINE_CALL(fgetws_unlocked, wchar_t, WIDE)

/* No size at all: the line is read here. What does not fit behind the block is read and lost. libc
 * ends the process where the compiler knew of less `room` than the line takes. */
static NOINLINE char *gets_checked(char *to, size_t room, const struct check *check)
{
    size_t inside = check_room(to), got = 0, length = 0;
    int next;
    for (; (next = getc(stdin)) != EOF && next != '\n'; length++) {
        if (got + 1 >= inside && inside)
            inside =
                check_access(check, to, got + 2, WRITE) < got + 2 ? 0 : max_size(inside, got + 2);
        if (got + 1 < inside)
            to[got++] = (char)next;
    }
    if (length >= room)
        __chk_fail();
    if (next == EOF && !got)
        return NULL;
    if (check_access(check, to + got, 1, WRITE))
        to[got] = 0;
    return to;
}

CHECKED(char *, gets, (char *to))
{
    return check_ours(to) ? gets_checked(to, SIZE_MAX, CHECK("gets")) : NEXT(gets)(to);
}

CHECKED(char *, __gets_chk, (char *to, size_t room))
{
    return check_ours(to) && check_room(to) <= room ? gets_checked(to, room, CHECK("gets"))
                                                    : NEXT(__gets_chk)(to, room);
}

/* The buffer must have the size that is said. */
static NOINLINE void check_buffer(char *line, size_t size, const char *name)
{
    check_access(CHECK(name), line, size, WRITE);
}

#define BUFFER                                                                                     \
    if (*line && check_ours(*line))                                                                \
        check_buffer(*line, *size, name_);

CALL(ssize_t, getline, (char **line, size_t *size, FILE *stream), (line, size, stream), BUFFER)
CALL(ssize_t, getdelim, (char **line, size_t *size, int delimiter, FILE *stream),
     (line, size, delimiter, stream), BUFFER)
CALL_AS(ssize_t, __getdelim, getdelim, (char **line, size_t *size, int delimiter, FILE *stream),
        (line, size, delimiter, stream), BUFFER)

/* ---- arrays */

typedef size_t read_array(void *to, size_t size, size_t count, FILE *stream);

static size_t read_in_parts(read_array *read, void *to, size_t size, size_t count, FILE *stream,
                            const struct check *check)
{
    size_t total, fits = check_room(to) / size;
    size_t got = fits ? read(to, size, fits, stream) : 0;
    if (got == fits && more_to_read(stream)) {
        if (__builtin_mul_overflow(size, count, &total))
            total = SIZE_MAX;
        size_t usable = check_access(check, to, total, WRITE) / size;
        if (usable > got)
            got += read((char *)to + got * size, size, usable - got, stream);
    }
    return got;
}

static NOINLINE size_t read_checked(read_array *read, void *to, size_t size, size_t count,
                                    FILE *stream, const struct check *check)
{
    if (likely(!size || check_room(to) / size >= count))
        return read(to, size, count, stream);
    size_t got;
    flockfile(stream);
    pthread_cleanup_push(unlock, stream);
    got = read_in_parts(read, to, size, count, stream, check);
    pthread_cleanup_pop(1);
    return got;
}

/* libc ends the process if the whole array is larger than the `room` that the compiler knows of,
 * however much arrives. False if it will. */
static bool check_fits(void *to, size_t room, size_t size, size_t count, const struct check *check)
{
    size_t total;
    if (!__builtin_mul_overflow(size, count, &total) && total <= room)
        return true;
    check_array(check, to, count, size, WRITE);
    return false;
}

#define READ_CALL(name)                                                                            \
    CHECKED(size_t, name, (void *to, size_t size, size_t count, FILE *stream))                     \
    {                                                                                              \
        return check_ours(to) ? read_checked(NEXT(name), to, size, count, stream, CHECK(#name))    \
                              : NEXT(name)(to, size, count, stream);                               \
    }                                                                                              \
    CHECKED(size_t, __##name##_chk,                                                                \
            (void *to, size_t room, size_t size, size_t count, FILE *stream))                      \
    {                                                                                              \
        if (check_ours(to) && check_fits(to, room, size, count, CHECK(#name)))                     \
            return read_checked(NEXT(name), to, size, count, stream, CHECK(#name));                \
        return NEXT(__##name##_chk)(to, room, size, count, stream);                                \
    }
READ_CALL(fread)
READ_CALL(fread_unlocked)

/* ---- writing */

#define ELEMENTS                                                                                   \
    if (check_ours(from))                                                                          \
        count = check_counted(from, count, size, READ, room, name_);

CALL(size_t, fwrite, (const void *from, size_t size, size_t count, FILE *stream),
     (from, size, count, stream), ELEMENTS)
CALL(size_t, fwrite_unlocked, (const void *from, size_t size, size_t count, FILE *stream),
     (from, size, count, stream), ELEMENTS)
CALL(int, puts, (const char *text), (text), TEXT(text))
CALL(int, fputs, (const char *text, FILE *stream), (text, stream), TEXT(text))
CALL(int, fputs_unlocked, (const char *text, FILE *stream), (text, stream), TEXT(text))
CALL(int, fputws, (const wchar_t *text, FILE *stream), (text, stream), TEXT(text))
