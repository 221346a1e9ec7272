/* SPDX-License-Identifier: MIT
 *
 * Formats of the printf family: which texts a call will read. The parser gives up, without a word,
 * at whatever it is not sure of: arguments by position, unusual modifiers, all conversions once the
 * program has registered some of its own.
 */
#include "calls/check_format.h"

#include <errno.h>
#include <limits.h>
#include <wchar.h>

unsigned format_peek(const struct format *format)
{
    return format->width == 1 ? *(const unsigned char *)format->at
                              : (unsigned)*(const wchar_t *)format->at;
}

unsigned format_take(struct format *format)
{
    unsigned character = format_peek(format);
    if (character)
        format->at += format->width;
    return character;
}

bool format_skip(struct format *format, char character)
{
    bool found = format_peek(format) == (unsigned char)character;
    if (found)
        format->at += format->width;
    return found;
}

bool format_conversion(struct format *format)
{
    for (unsigned character; (character = format_take(format));)
        if (character == '%' && !format_skip(format, '%'))
            return true;
    return false;
}

bool format_number(struct format *format, size_t *value)
{
    *value = 0;
    while (format_peek(format) - '0' < 10) {
        *value = *value * 10 + (format_take(format) - '0');
        if (*value > INT_MAX)
            return false;
    }
    return format_peek(format) != '$';
}

enum format_modifier format_modifier(struct format *format)
{
    if (format_skip(format, 'h'))
        return format_skip(format, 'h') ? FORMAT_HH : FORMAT_H;
    if (format_skip(format, 'l'))
        return format_skip(format, 'l') ? FORMAT_LL : FORMAT_L;
    if (format_skip(format, 'L'))
        return FORMAT_LONG_DOUBLE;
    switch (format_peek(format)) {
    case 'q':
    case 'j':
    case 'z':
    case 't':
    case 'Z':
        format_take(format);
        return FORMAT_LL;
    default:
        return FORMAT_NONE;
    }
}

bool format_begin(const struct check *check, struct format *format)
{
    if (likely(!check_ours(format->at)))
        return format->at; /* without one the real function fails */
    size_t length = check_text(check, format->at, SIZE_MAX, format->width);
    return length < check_room(format->at) / format->width;
}

struct arguments {
    va_list list;
};

/* The program has conversions of its own, which may be %s. */
static _Atomic bool foreign;

#define REGISTERS(name, parameters, arguments)                                                     \
    CHECKED(int, name, parameters)                                                                 \
    {                                                                                              \
        foreign = true;                                                                            \
        return NEXT(name) arguments;                                                               \
    }

REGISTERS(register_printf_specifier, (int character, void *print, void *describe),
          (character, print, describe))
REGISTERS(register_printf_function, (int character, void *print, void *describe),
          (character, print, describe))
REGISTERS(register_printf_modifier, (const wchar_t *text), (text))

/* The number after a width or precision, or its argument. -1 stands for none. */
static bool take_number(struct format *format, struct arguments *arguments, int *value)
{
    size_t number;
    if (format_skip(format, '*')) {
        *value = va_arg(arguments->list, int);
        return format_peek(format) - '0' >= 10;
    }
    bool sure = format_number(format, &number);
    *value = (int)number;
    return sure;
}

static void check_argument(const struct check *check, const struct format *format, const void *text,
                           bool wide, int precision)
{
    size_t most = precision < 0 ? SIZE_MAX : (size_t)precision;
    if (likely(!check_ours(text)))
        return;
    if (wide && format->width == 1)
        check_wide_as_bytes(check, text, most);
    else
        check_text(check, text, most, wide ? sizeof(wchar_t) : 1);
}

static bool take_double(struct arguments *arguments, enum format_modifier modifier)
{
    if (modifier == FORMAT_LONG_DOUBLE)
        va_arg(arguments->list, long double);
    else if (modifier == FORMAT_NONE || modifier == FORMAT_L)
        va_arg(arguments->list, double);
    else
        return false;
    return true;
}

static bool is_flag(unsigned character)
{
    switch (character) {
    case '-':
    case '+':
    case ' ':
    case '#':
    case '0':
    case '\'':
    case 'I':
        return true;
    default:
        return false;
    }
}

/* Checks the argument of one conversion and goes past it; false to give up. */
static bool take_argument(const struct check *check, struct format *format,
                          struct arguments *arguments)
{
    int field, precision = -1;
    while (is_flag(format_peek(format)))
        format_take(format);
    if (!take_number(format, arguments, &field) ||
        (format_skip(format, '.') && !take_number(format, arguments, &precision)))
        return false;
    enum format_modifier modifier = format_modifier(format);
    unsigned conversion = format_take(format);
    switch (conversion) {
    case 'd':
    case 'i':
    case 'o':
    case 'u':
    case 'x':
    case 'X':
        if (modifier >= FORMAT_L)
            va_arg(arguments->list, long);
        else
            va_arg(arguments->list, int);
        return true;
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'a':
    case 'A':
        return take_double(arguments, modifier);
    case 'c':
    case 'C':
        va_arg(arguments->list, int);
        return true;
    case 's':
    case 'S':
        if (modifier != FORMAT_NONE && (modifier != FORMAT_L || conversion == 'S'))
            return false;
        check_argument(check, format, va_arg(arguments->list, const void *),
                       modifier == FORMAT_L || conversion == 'S', precision);
        return true;
    case 'p':
    case 'n':
        va_arg(arguments->list, void *);
        return true;
    case 'm':
        return true;
    default:
        return false;
    }
}

void check_printed(const struct check *check, const void *format, size_t width, va_list list)
{
    struct format at = {format, width};
    struct arguments arguments;
    if (!format_begin(check, &at) || foreign)
        return;
    va_copy(arguments.list, list);
    while (format_conversion(&at) && take_argument(check, &at, &arguments))
        continue;
    va_end(arguments.list);
}

size_t check_wide_as_bytes(const struct check *check, const wchar_t *text, size_t most)
{
    size_t room = check_room(text) / sizeof(*text), total = 0;
    mbstate_t state = {0};
    int saved = errno;
    for (size_t i = 0; total < most; i++) {
        char bytes[MB_LEN_MAX];
        if (unlikely(i == room)) {
            check_access(check, text, (i + 1) * sizeof(*text), MMT_DIRECTION_READ);
            break;
        }
        size_t length = text[i] && text[i] < 128 ? 1 : wcrtomb(bytes, text[i], &state);
        if (length == (size_t)-1 || length > most - total) /* no character, or it does not fit */
            break;
        total += length;
        if (!text[i])
            break;
    }
    errno = saved;
    return total;
}
