/* SPDX-License-Identifier: MIT
 *
 * scanf and its relatives. How much they write is known only when they have written: what was
 * assigned is looked at afterwards. An overflow that reaches an inaccessible page is reported by
 * the fault; here are those that did not.
 *
 * libc's headers give these functions other names, by the standard that a program is compiled for;
 * they are not included here.
 */
#include "calls/check_format.h"

#include <string.h>

#include "heap/slack.h"

#define WRITE   MMT_DIRECTION_WRITE
#define TARGETS 16 /* that are looked at in one call */

struct _IO_FILE;
typedef struct _IO_FILE stream_type;

struct target {
    void *at;
    size_t size; /* bytes that are written; 0: a text with an end */
    size_t width; /* bytes of a character of a text */
    bool most; /* the input may end before all of the size is written; not before the first byte */
};

/* Goes past the set of %[. */
static void skip_set(struct format *format)
{
    format_skip(format, '^');
    format_skip(format, ']');
    while (format_peek(format) && format_take(format) != ']')
        continue;
}

static size_t integer_size(enum format_modifier modifier)
{
    return modifier == FORMAT_HH ? 1 : modifier == FORMAT_H ? 2 : modifier == FORMAT_NONE ? 4 : 8;
}

/* Bytes of what %e and the others write; 0: not sure. */
static size_t floating_size(enum format_modifier modifier)
{
    return modifier == FORMAT_NONE          ? sizeof(float)
           : modifier == FORMAT_L           ? sizeof(double)
           : modifier == FORMAT_LONG_DOUBLE ? 10 /* of the 16 */
                                            : 0;
}

/* What a conversion writes. False to give up. `field`: its width, 0 if it has none. */
static bool describe(struct format *format, size_t field, struct target *target)
{
    bool allocate = format_skip(format, 'm');
    enum format_modifier modifier = format_modifier(format);
    unsigned conversion = format_take(format);
    if (conversion == '[')
        skip_set(format);
    bool wide = modifier == FORMAT_L || conversion == 'S' || conversion == 'C';
    *target = (struct target){.width = wide ? sizeof(wchar_t) : 1};
    if (!conversion || conversion > 127)
        return false;
    if (strchr("sS[cC", (int)conversion)) {
        if (allocate)
            target->size = sizeof(void *);
        else if (conversion == 'c' || conversion == 'C') /* a field is of characters of the input */
            target->size = wide || format->width > 1 ? target->width
                           : field                   ? field
                                                     : 1,
            target->most = target->size > 1;
        return modifier == FORMAT_NONE || modifier == FORMAT_L;
    }
    if (strchr("diouxXn", (int)conversion))
        target->size = integer_size(modifier);
    else if (strchr("efgEGF", (int)conversion))
        target->size = floating_size(modifier);
    else if (conversion == 'p')
        target->size = sizeof(void *);
    if (conversion == 'n') /* does not count as an assignment */
        target->width = 0;
    return target->size && !allocate;
}

/* The targets of a format, in order, as far as they are certain. */
static size_t find_targets(struct format *format, va_list list, struct target *targets)
{
    size_t count = 0, field;
    struct target target;
    while (count < TARGETS && format_conversion(format)) {
        bool ignored = format_skip(format, '*');
        while (format_skip(format, '\'') || format_skip(format, 'I'))
            continue;
        if (!format_number(format, &field) || !describe(format, field, &target))
            break;
        if (ignored)
            continue;
        target.at = va_arg(list, void *);
        if (target.width)
            targets[count++] = target;
    }
    return count;
}

/* Whether a later target lies in the text, so that its end may have been overwritten. */
static bool written_over(const struct target *target, size_t room, const struct target *rest,
                         size_t count)
{
    for (size_t i = 0; i < count; i++)
        if ((uintptr_t)rest[i].at - (uintptr_t)target->at <= room)
            return true;
    return false;
}

/* How much of %5c was surely written, with an input that may have ended before: behind the block,
 * what is not the pattern any more. */
static size_t surely_written(const struct target *target, size_t room, size_t accessible)
{
    const unsigned char *bytes = target->at;
    size_t written = min_size(target->size, max_size(room, 1));
    for (size_t i = room; i < target->size && i < accessible; i++)
        if (bytes[i] != SLACK_PATTERN)
            written = i + 1;
    return written;
}

static void check_target(const struct check *check, const struct target *target,
                         const struct target *rest, size_t count)
{
    uintptr_t at = (uintptr_t)target->at;
    size_t room = check_room(target->at), width = target->width;
    size_t accessible = align_up(at + max_size(room, 1), PAGE_SIZE) - at;
    if (target->size) {
        bool all = !target->most || count || target->size <= room;
        check_access(check, target->at,
                     all ? target->size : surely_written(target, room, accessible), WRITE);
        return;
    }
    if (check_length(target->at, room / width, width) < room / width ||
        written_over(target, room, rest, count))
        return;
    size_t length = check_length(target->at, accessible / width, width);
    check_access(check, target->at, (length + 1) * width, WRITE);
}

static void check_scanned(const struct check *check, const void *format, size_t width, va_list list,
                          int assigned)
{
    struct target targets[TARGETS];
    struct format at = {format, width};
    if (assigned <= 0)
        return;
    size_t count = min_size(find_targets(&at, list, targets), (size_t)assigned);
    for (size_t i = 0; i < count; i++)
        if (check_ours(targets[i].at))
            check_target(check, &targets[i], &targets[i + 1], count - i - 1);
}

static void check_source(const struct check *check, const void *text, size_t width)
{
    if (check_ours(text))
        check_text(check, text, SIZE_MAX, width);
}

/* Defines NAME, with `...`, and vNAME, with a va_list, both by the real vNAME. */
#define SCAN_WITH(name, begin, end, before, character, arguments, real)                            \
    const struct check *check = CHECK(name);                                                       \
    struct format given = {(const char *)format, sizeof(character)};                               \
    va_list again;                                                                                 \
    before;                                                                                        \
    bool sound = format_begin(check, &given);                                                      \
    begin;                                                                                         \
    int result = NEXT(real)(PLAIN arguments format, list);                                         \
    end;                                                                                           \
    if (sound)                                                                                     \
        check_scanned(check, format, sizeof(character), again, result);                            \
    va_end(again);                                                                                 \
    return result

#define SCANNERS(variadic, listed, text, character, parameters, arguments, before)                 \
    CHECKED(int, listed, (PLAIN parameters const character *format, va_list list))                 \
    {                                                                                              \
        SCAN_WITH("v" text, va_copy(again, list), (void)0, before, character, arguments, listed);  \
    }                                                                                              \
    CHECKED(int, variadic, (PLAIN parameters const character *format, ...))                        \
    {                                                                                              \
        va_list list;                                                                              \
        SCAN_WITH(text, (va_start(list, format), va_copy(again, list)), va_end(list), before,      \
                  character, arguments, listed);                                                   \
    }

#define SCANNER(name, character, parameters, arguments, before)                                    \
    SCANNERS(name, v##name, #name, character, parameters, arguments, before)                       \
    SCANNERS(__isoc99_##name, __isoc99_v##name, #name, character, parameters, arguments, before)   \
    SCANNERS(__isoc23_##name, __isoc23_v##name, #name, character, parameters, arguments, before)

SCANNER(scanf, char, (), (), (void)0)
SCANNER(fscanf, char, (stream_type * stream, ), (stream, ), (void)0)
SCANNER(sscanf, char, (const char *source, ), (source, ), check_source(check, source, 1))
SCANNER(wscanf, wchar_t, (), (), (void)0)
SCANNER(fwscanf, wchar_t, (stream_type * stream, ), (stream, ), (void)0)
SCANNER(swscanf, wchar_t, (const wchar_t *source, ), (source, ),
        check_source(check, source, sizeof(wchar_t)))
