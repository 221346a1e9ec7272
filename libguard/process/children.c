/* SPDX-License-Identifier: MIT */
#include "process/children.h"

/* The pattern ends at ',' or at the end of the text. */
static bool matches(const char *pattern, const char *name)
{
    for (; *pattern && *pattern != ','; pattern++, name++) {
        if (*pattern == '*') {
            for (;; name++) {
                if (matches(pattern + 1, name))
                    return true;
                if (!*name)
                    return false;
            }
        }
        if (*pattern != *name)
            return false;
    }
    return !*name;
}

bool children_wants(const char *list, const char *name)
{
    bool wanted = *list != '!';
    if (!*list)
        return true;
    for (const char *at = list + !wanted;; at++) {
        if (matches(at, name))
            return wanted;
        while (*at && *at != ',')
            at++;
        if (!*at)
            return !wanted;
    }
}
