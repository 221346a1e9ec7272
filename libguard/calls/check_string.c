/* SPDX-License-Identifier: MIT
 *
 * The functions for texts of bytes. As for memcpy, the ones that may be called while the program is
 * being relocated have simple stand-ins.
 */
#include "calls/check.h"

#include <ctype.h>
#include <time.h>

#define READ  MMT_DIRECTION_READ
#define WRITE MMT_DIRECTION_WRITE

#define CHARACTER        char
#define VALUE            int
#define STR(name)        str##name
#define STP(name)        stp##name
#define FOLD(character)  tolower((unsigned char)(character))
#define EARLY(name, own) EARLY_AS(name, own)
#define EARLY_AS(name, own)                                                                        \
    if (unlikely(next_##name == NULL))                                                             \
        return own;

#include "calls/text_calls.def"

/* ---- by other names */

CALL_AS(char *, __stpcpy, stpcpy, (char *to, const char *from), (to, from), COPY_TEXT(length))
CALL_AS(char *, __strdup, strdup, (const char *text), (text), TEXT(text))
CALL(char *, strndup, (const char *text, size_t most), (text, most), TEXT_WITHIN(text, most))
CALL_AS(char *, __strndup, strndup, (const char *text, size_t most), (text, most),
        TEXT_WITHIN(text, most))
CALL(char *, index, (const char *text, int value), (text, value), UNTIL(text, value))
CALL(char *, strchrnul, (const char *text, int value), (text, value), UNTIL(text, value))
CALL(char *, rindex, (const char *text, int value), (text, value), TEXT(text))

/* ---- of bytes only */

CALL(char *, strcasestr, (const char *text, const char *part), (text, part), FIND(text, part, true))

static NOINLINE void check_token(const char *text, const char *set, const char *name)
{
    const struct check *check = CHECK(name);
    check_text(check, set, SIZE_MAX, 1);
    if (text && check_ours(text))
        check_span(check, text + check_span(check, text, set, false), set, true);
}

#define TOKEN                                                                                      \
    if (EITHER(text, set))                                                                         \
        check_token(text, set, name_);

CALL(char *, strtok, (char *text, const char *set), (text, set), TOKEN)
CALL(char *, strtok_r, (char *text, const char *set, char **rest), (text, set, rest), TOKEN)
CALL_AS(char *, __strtok_r, strtok_r, (char *text, const char *set, char **rest), (text, set, rest),
        TOKEN)
CALL(char *, strsep, (char **text, const char *set), (text, set),
     if (*text) SEARCH(*text, set, true))

/* ---- paths */

CALL(char *, basename, (const char *path), (path), TEXT(path))
CALL_AS(char *, __xpg_basename, basename, (char *path), (path), TEXT(path))
CALL(char *, dirname, (char *path), (path), TEXT(path))
