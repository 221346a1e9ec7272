/* SPDX-License-Identifier: MIT */
#include "util/glob.h"

#include "util/xalloc.h"

#include <stdlib.h>
#include <string.h>

/* Only the last '*' is ever tried again: what an earlier one took can be given to it. */
static bool glob_whole(const char *pattern, const char *text, bool any_one)
{
    const char *star = NULL, *retry = NULL;
    while (*text != '\0') {
        if (*pattern == '*') {
            star = ++pattern;
            retry = text;
        } else if (*pattern != '\0' && (*pattern == *text || (any_one && *pattern == '?'))) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star;
            text = ++retry;
        } else {
            return false;
        }
    }
    return pattern[strspn(pattern, "*")] == '\0';
}

bool glob_matches(const char *pattern, const char *text)
{
    return glob_whole(pattern, text, true);
}

bool glob_found(const char *pattern, const char *text)
{
    size_t length = strlen(pattern);
    bool start = length != 0 && pattern[0] == '^';
    bool end = length > start && pattern[length - 1] == '$';
    char *whole = xalloc_format("%s%.*s%s", start ? "" : "*", (int)(length - start - end),
                                pattern + start, end ? "" : "*");
    bool found = glob_whole(whole, text, false);
    free(whole);
    return found;
}
