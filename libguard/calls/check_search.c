/* SPDX-License-Identifier: MIT
 *
 * Comparing texts of bytes and searching in them. A comparison needs its texts up to the first
 * difference only, and strchr its text up to the character; the others need texts with an end.
 */
#include "calls/check.h"

#include <ctype.h>

#define READ MMT_DIRECTION_READ

/* ---- comparing */

CHECKED(int, strncmp, (const char *left, const char *right, size_t most));
CHECKED(int, strncasecmp, (const char *left, const char *right, size_t most));

static int early_compare(const char *left, const char *right, size_t most)
{
    for (; most && *left == *right && *left; most--)
        left++, right++;
    return most ? (unsigned char)*left - (unsigned char)*right : 0;
}

ALWAYS_INLINE int compare(const char *left, const char *right, size_t most)
{
    return likely(next_strncmp != NULL) ? next_strncmp(left, right, most)
                                        : early_compare(left, right, most);
}

static NOINLINE int compare_checked(const char *left, const char *right, size_t most,
                                    const char *name)
{
    size_t room = check_common_room(left, right, most, 1);
    int result = compare(left, right, room);
    if (result || !check_compare_on(CHECK(name), left, right, room, most, 1))
        return result;
    return compare(left, right, most);
}

static NOINLINE int compare_case_checked(const char *left, const char *right, size_t most,
                                         const char *name)
{
    size_t room = check_common_room(left, right, most, 1);
    int result = NEXT(strncasecmp)(left, right, room);
    if (result || !check_compare_on(CHECK(name), left, right, room, most, 1))
        return result;
    return NEXT(strncasecmp)(left, right, most);
}

CHECKED(int, strcmp, (const char *left, const char *right))
{
    if (unlikely(check_ours(left) || check_ours(right)))
        return compare_checked(left, right, SIZE_MAX, "strcmp");
    return likely(next_strcmp != NULL) ? next_strcmp(left, right)
                                       : early_compare(left, right, SIZE_MAX);
}

EXPORT int strncmp(const char *left, const char *right, size_t most)
{
    if (unlikely(check_ours(left) || check_ours(right)))
        return compare_checked(left, right, most, "strncmp");
    return compare(left, right, most);
}

CHECKED(int, strcasecmp, (const char *left, const char *right))
{
    if (unlikely(check_ours(left) || check_ours(right)))
        return compare_case_checked(left, right, SIZE_MAX, "strcasecmp");
    return NEXT(strcasecmp)(left, right);
}

EXPORT int strncasecmp(const char *left, const char *right, size_t most)
{
    if (unlikely(check_ours(left) || check_ours(right)))
        return compare_case_checked(left, right, most, "strncasecmp");
    return NEXT(strncasecmp)(left, right, most);
}

static NOINLINE void check_both(const char *text, const char *other, const char *name)
{
    const struct check *check = CHECK(name);
    check_text(check, text, SIZE_MAX, 1);
    check_text(check, other, SIZE_MAX, 1);
}

CHECKED(int, strcoll, (const char *left, const char *right))
{
    if (unlikely(check_ours(left) || check_ours(right)))
        check_both(left, right, "strcoll");
    return NEXT(strcoll)(left, right);
}

/* ---- searching */

/* Reports a text that ends with its block, unless `value` is found before. */
static NOINLINE void check_until(const char *text, int value, const char *name)
{
    size_t room = check_room(text);
    for (size_t i = 0; i < room; i++)
        if (!text[i] || text[i] == (char)value)
            return;
    check_access(CHECK(name), text, room + 1, READ);
}

CHECKED(char *, strchr, (const char *text, int value))
{
    if (unlikely(check_ours(text)))
        check_until(text, value, "strchr");
    return NEXT(strchr)(text, value);
}

CHECKED(char *, index, (const char *text, int value))
{
    if (unlikely(check_ours(text)))
        check_until(text, value, "index");
    return NEXT(index)(text, value);
}

CHECKED(char *, strchrnul, (const char *text, int value))
{
    if (unlikely(check_ours(text)))
        check_until(text, value, "strchrnul");
    return NEXT(strchrnul)(text, value);
}

static NOINLINE void check_one(const char *text, const char *name)
{
    check_text(CHECK(name), text, SIZE_MAX, 1);
}

CHECKED(char *, strrchr, (const char *text, int value))
{
    if (unlikely(check_ours(text)))
        check_one(text, "strrchr");
    return NEXT(strrchr)(text, value);
}

CHECKED(char *, rindex, (const char *text, int value))
{
    if (unlikely(check_ours(text)))
        check_one(text, "rindex");
    return NEXT(rindex)(text, value);
}

static bool same_character(char a, char b, bool fold)
{
    return a == b || (fold && tolower((unsigned char)a) == tolower((unsigned char)b));
}

/* Where `part` is found before the block of a text that has no end in it ends. */
static NOINLINE const char *found_inside(const char *text, const char *part, bool fold,
                                         const char *name)
{
    const struct check *check = CHECK(name);
    size_t part_length = check_text(check, part, SIZE_MAX, 1), room = check_room(text);
    for (size_t i = 0; i < room && text[i]; i++) {
        size_t same = 0;
        while (same < part_length && i + same < room &&
               same_character(text[i + same], part[same], fold))
            same++;
        if (same == part_length)
            return text + i;
    }
    check_text(check, text, SIZE_MAX, 1);
    return NULL;
}

CHECKED(char *, strstr, (const char *text, const char *part))
{
    if (unlikely(check_ours(text) || check_ours(part)))
        found_inside(text, part, false, "strstr");
    return NEXT(strstr)(text, part);
}

CHECKED(char *, strcasestr, (const char *text, const char *part))
{
    /* libc's own reads ahead of what it compares. */
    const char *found = NULL;
    if (unlikely(check_ours(text) || check_ours(part)))
        found = found_inside(text, part, true, "strcasestr");
    if (found)
        return (char *)(uintptr_t)found;
    return NEXT(strcasestr)(text, part);
}

static bool is_in(char value, const char *set)
{
    while (*set && *set != value)
        set++;
    return *set && value;
}

/* Reports a text that ends with its block, unless the search ends before: at the first character
 * that is in the set (`wanted`) or is not. Returns how far it got. */
static size_t check_span(const struct check *check, const char *text, const char *set, bool wanted)
{
    size_t room = check_room(text), i;
    for (i = 0; i < room; i++)
        if (!text[i] || is_in(text[i], set) == wanted)
            return i;
    check_access(check, text, room + 1, READ);
    return room;
}

static NOINLINE void check_search(const char *text, const char *set, bool wanted, const char *name)
{
    const struct check *check = CHECK(name);
    check_text(check, set, SIZE_MAX, 1);
    if (check_ours(text))
        check_span(check, text, set, wanted);
}

static NOINLINE void check_token(const char *text, const char *set, const char *name)
{
    const struct check *check = CHECK(name);
    check_text(check, set, SIZE_MAX, 1);
    if (text && check_ours(text))
        check_span(check, text + check_span(check, text, set, false), set, true);
}

CHECKED(size_t, strspn, (const char *text, const char *set))
{
    if (unlikely(check_ours(text) || check_ours(set)))
        check_search(text, set, false, "strspn");
    return NEXT(strspn)(text, set);
}

CHECKED(size_t, strcspn, (const char *text, const char *set))
{
    if (unlikely(check_ours(text) || check_ours(set)))
        check_search(text, set, true, "strcspn");
    return NEXT(strcspn)(text, set);
}

CHECKED(char *, strpbrk, (const char *text, const char *set))
{
    if (unlikely(check_ours(text) || check_ours(set)))
        check_search(text, set, true, "strpbrk");
    return NEXT(strpbrk)(text, set);
}

CHECKED(char *, strtok, (char *text, const char *set))
{
    if (unlikely(check_ours(text) || check_ours(set)))
        check_token(text, set, "strtok");
    return NEXT(strtok)(text, set);
}

CHECKED(char *, strtok_r, (char *text, const char *set, char **rest))
{
    if (unlikely(check_ours(text) || check_ours(set)))
        check_token(text, set, "strtok_r");
    return NEXT(strtok_r)(text, set, rest);
}

CHECKED(char *, __strtok_r, (char *text, const char *set, char **rest))
{
    if (unlikely(check_ours(text) || check_ours(set)))
        check_token(text, set, "strtok_r");
    return NEXT(__strtok_r)(text, set, rest);
}

CHECKED(char *, strsep, (char **text, const char *set))
{
    if (unlikely(*text && (check_ours(*text) || check_ours(set))))
        check_search(*text, set, true, "strsep");
    return NEXT(strsep)(text, set);
}
