/* SPDX-License-Identifier: MIT */
#ifndef UTIL_GLOB_H
#define UTIL_GLOB_H

#include <stdbool.h>

/* Says whether the whole text matches: '*' stands for any bytes, also none, '?' for any one;
 * nothing else is special. Takes time proportional to both lengths at most. */
bool glob_matches(const char *pattern, const char *text);

/* A pattern as LeakSanitizer has them: found anywhere in the text, '*' as above, '^' at its start
 * and '$' at its end tie it to those of the text. */
bool glob_found(const char *pattern, const char *text);

#endif
