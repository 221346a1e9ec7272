/* SPDX-License-Identifier: MIT
 *
 * printf and its relatives that write to streams, descriptors and new memory: the texts they are to
 * print.
 */
/* libc's headers define some of these functions as inline ones or macros otherwise. */
#undef __NO_INLINE__
#define __NO_INLINE__ 1

#include "calls/check_format.h"

#include <stdio.h>
#include <wchar.h>

/* Defines NAME, with `...`, and vNAME, with a va_list, both by the real vNAME. */
#define PRINTER(name, character, parameters, arguments)                                            \
    PRINTERS(name, v##name, #name, character, parameters, arguments)
#define PRINTER_CHK(name, character, parameters, arguments)                                        \
    PRINTERS(__##name##_chk, __v##name##_chk, #name, character, parameters, arguments)

#define PRINTERS(variadic, listed, text, character, parameters, arguments)                         \
    CHECKED(int, listed, (PLAIN parameters const character *format, va_list list))                 \
    {                                                                                              \
        check_printed(CHECK("v" text), format, sizeof(character), list);                           \
        return NEXT(listed)(PLAIN arguments format, list);                                         \
    }                                                                                              \
    CHECKED(int, variadic, (PLAIN parameters const character *format, ...))                        \
    {                                                                                              \
        va_list list;                                                                              \
        va_start(list, format);                                                                    \
        check_printed(CHECK(text), format, sizeof(character), list);                               \
        int result = NEXT(listed)(PLAIN arguments format, list);                                   \
        va_end(list);                                                                              \
        return result;                                                                             \
    }

PRINTER(printf, char, (), ())
PRINTER(fprintf, char, (FILE * stream, ), (stream, ))
PRINTER(dprintf, char, (int fd, ), (fd, ))
PRINTER(asprintf, char, (char **to, ), (to, ))
PRINTER(wprintf, wchar_t, (), ())
PRINTER(fwprintf, wchar_t, (FILE * stream, ), (stream, ))

PRINTER_CHK(printf, char, (int flag, ), (flag, ))
PRINTER_CHK(fprintf, char, (FILE * stream, int flag, ), (stream, flag, ))
PRINTER_CHK(dprintf, char, (int fd, int flag, ), (fd, flag, ))
PRINTER_CHK(asprintf, char, (char **to, int flag, ), (to, flag, ))
PRINTER_CHK(wprintf, wchar_t, (int flag, ), (flag, ))
PRINTER_CHK(fwprintf, wchar_t, (FILE * stream, int flag, ), (stream, flag, ))
