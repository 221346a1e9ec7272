/* SPDX-License-Identifier: MIT
 *
 * A name is read once from left to right, with a count for each kind of bracket. The brackets in
 * names of operators (operator<, operator(), operator->) are part of the name. A '<' that begins a
 * name (Rust: "<Vec<T> as Drop>::drop") is not a list of arguments: it stays, and what is in it is
 * shortened.
 */
#include "util/shortname.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#define SHORTNAME_ANGLE UINT64_C(1)
#define SHORTNAME_ROUND (UINT64_C(1) << 32)

static bool shortname_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (c & 0x80) != 0;
}

/* Length of "operator" and the punctuation or brackets that belong to it at `at`, 0 if it is none.
 */
static size_t shortname_operator(const char *name, const char *at)
{
    static const char *const signs[] = {"<=>", "<<=", ">>=", "->*", "<<", ">>", "->",
                                        "<=",  ">=",  "()",  "[]",  "<",  ">",  NULL};
    const size_t length = strlen("operator");
    if (strncmp(at, "operator", length) != 0 || shortname_word(at[length]) ||
        (at > name && shortname_word(at[-1])))
        return 0;
    const char *next = at + length;
    for (size_t i = 0; signs[i] != NULL; i++)
        if (strncmp(next, signs[i], strlen(signs[i])) == 0)
            return length + strlen(signs[i]);
    while (*next != '\0' && strchr("+-*/%^&|~!=,", *next) != NULL)
        next++;
    return (size_t)(next - at);
}

/* shortname_close() where brackets do not match. */
static const char *shortname_close_odd(const char *name, const char *at)
{
    size_t angles = 0, rounds = 0;
    for (; *at != '\0'; at++) {
        size_t skip = shortname_operator(name, at);
        if (skip != 0) {
            at += skip - 1;
        } else if (*at == '<') {
            angles++;
        } else if (*at == '>' && at[-1] != '-') {
            angles -= angles != 0;
        } else if (*at == '(' || *at == '{' || *at == '[') {
            rounds++;
        } else if (*at == ')' || *at == '}' || *at == ']') {
            if (rounds == 0)
                return NULL;
            rounds--;
        }
        if (angles == 0 && rounds == 0)
            return at;
    }
    return NULL;
}

struct shortname {
    struct textbuf *buffer;
    unsigned flags;
    size_t start; /* where the name begins in the buffer: behind the result's type */
    bool named; /* "operator" was passed: spaces belong to the name */
    const char *sign; /* the next "operator" that is known, or the end of the name */
};

/* The first "operator" from `at` on, or the end of the name. */
static const char *shortname_seek(const char *at)
{
    const char *found = strstr(at, "operator");
    return found != NULL ? found : at + strlen(at);
}

static const char *shortname_next(struct shortname *out, const char *at)
{
    if (out->sign < at)
        out->sign = shortname_seek(at);
    return out->sign;
}

/* The bracket that closes the one at `at`, or NULL. Names of templates have thousands of bytes, so
 * what is plain is counted without a branch a byte: open angle brackets in the low half of a word,
 * the others in the high half. */
static const char *shortname_close(struct shortname *out, const char *name, const char *at)
{
    const uint64_t odd = UINT64_C(0x8000000080000000);
    static const uint64_t counts[256] = {
        ['\0'] = UINT64_C(1) << 31, /* counts as odd */
        ['<'] = SHORTNAME_ANGLE,    ['>'] = -SHORTNAME_ANGLE, ['('] = SHORTNAME_ROUND,
        [')'] = -SHORTNAME_ROUND,   ['{'] = SHORTNAME_ROUND,  ['}'] = -SHORTNAME_ROUND,
        ['['] = SHORTNAME_ROUND,    [']'] = -SHORTNAME_ROUND,
    };
    const char *sign = shortname_next(out, at);
    uint64_t open = 0;
    for (const char *next = at;; next++) {
        if (next == sign && *next != '\0') {
            size_t skip = shortname_operator(name, next);
            sign = shortname_seek(next + 1);
            if (skip != 0) {
                next += skip - 1;
                continue;
            }
        }
        if (*next == '>' && next[-1] == '-')
            continue;
        open += counts[(unsigned char)*next];
        if (open == 0)
            return next;
        if ((open & odd) != 0)
            return shortname_close_odd(name, at);
    }
}

/* Says whether the '<' at `at` opens a list of template arguments. */
static bool shortname_arguments(const char *name, const char *at)
{
    return at > name && (shortname_word(at[-1]) || at[-1] == ':' || at[-1] == ']');
}

/* Says whether the '(' at `at` opens the parameters of a function, and not "(anonymous namespace)"
 * or a pointer's type. */
static bool shortname_parameters(const char *name, const char *at)
{
    return at > name && (shortname_word(at[-1]) || strchr(">)}]", at[-1]) != NULL ||
                         strchr("+-*/%^&|~!=,<", at[-1]) != NULL);
}

/* Passes over what may follow parameters: " const", "&", "&&", " volatile", " noexcept". */
static const char *shortname_qualifiers(const char *at)
{
    static const char *const words[] = {" const", " volatile", " &&", " &", "&&", "&", NULL};
    for (size_t i = 0; words[i] != NULL;) {
        size_t length = strlen(words[i]);
        if (strncmp(at, words[i], length) == 0 && !shortname_word(at[length])) {
            at += length;
            i = 0;
        } else {
            i++;
        }
    }
    return at;
}

/* Whether shortname_range() has to look closer at this byte. */
static bool shortname_special(char c)
{
    return c == '<' || c == '(' || c == '{' || c == ' ';
}

/* Adds [at, end). */
static void shortname_range(struct shortname *out, const char *name, const char *at,
                            const char *end, bool outermost)
{
    const char *more = (out->flags & SHORTNAME_UTF8) != 0 ? "<\xe2\x80\xa6>" : "<...>";
    bool signature = (out->flags & SHORTNAME_SIGNATURE) != 0;
    while (at < end) {
        const char *close;
        const char *sign = shortname_next(out, at);
        size_t skip = at == sign ? shortname_operator(name, at) : 0;
        if (skip != 0) {
            textbuf_put_bytes(out->buffer, at, skip);
            at += skip;
            out->named |= outermost;
            const char *list = at + (at[0] == ' ' && at[1] == '<');
            if (*list == '<' && (close = shortname_close(out, name, list)) != NULL && close < end) {
                textbuf_put(out->buffer, more);
                at = close + 1;
            }
            continue;
        }
        if (*at == '<' && (close = shortname_close(out, name, at)) != NULL && close < end) {
            if (shortname_arguments(name, at)) {
                textbuf_put(out->buffer, more);
            } else {
                textbuf_put(out->buffer, "<");
                shortname_range(out, name, at + 1, close, false);
                textbuf_put(out->buffer, ">");
            }
            at = close + 1;
            continue;
        }
        if (outermost && !signature && (*at == '(' || *at == '{') &&
            (close = shortname_close(out, name, at)) != NULL && close < end) {
            bool parameters = *at == '(' && shortname_parameters(name, at);
            if (!parameters)
                textbuf_put_bytes(out->buffer, at, (size_t)(close + 1 - at));
            at = parameters ? shortname_qualifiers(close + 1) : close + 1;
            out->named |= parameters;
            continue;
        }
        if (outermost && !signature && *at == ' ' && !out->named && at[1] != '[') {
            /* What came before was the type of the result. */
            out->buffer->bytes.count = out->start;
            at++;
            continue;
        }
        const char *plain = at++;
        sign = shortname_next(out, at);
        while (at < end && at != sign && !shortname_special(*at))
            at++;
        textbuf_put_bytes(out->buffer, plain, (size_t)(at - plain));
    }
}

void shortname_put(struct textbuf *buffer, const char *name, unsigned flags)
{
    struct shortname out = {.buffer = buffer, .flags = flags, .start = buffer->bytes.count};
    if (strpbrk(name, "<(") == NULL) {
        textbuf_put(buffer, name);
        return;
    }
    out.sign = shortname_seek(name);
    shortname_range(&out, name, name, name + strlen(name), true);
    if (buffer->bytes.count == out.start)
        textbuf_put(buffer, name);
}
