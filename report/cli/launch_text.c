/* SPDX-License-Identifier: MIT */
#include "cli/launch_text.h"

#include "util/escape.h"
#include "util/xalloc.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A message longer than this (two paths as long as the system allows) is cut. */
enum { LINE_SIZE = 8448 };

static void print_line(const char *format, va_list arguments)
{
    char line[LINE_SIZE];
    vsnprintf(line, sizeof(line), format, arguments);
    char *safe = escape_text(line, strlen(line));
    fprintf(stderr, "mmguard: %s\n", safe);
    free(safe);
}

int launch_fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_line(format, arguments);
    va_end(arguments);
    return LAUNCH_EXIT_USAGE;
}

void launch_say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_line(format, arguments);
    va_end(arguments);
}

char *launch_absolute(const char *path)
{
    if (path[0] == '/')
        return xalloc_format("%s", path);
    char *here = getcwd(NULL, 0);
    if (!here)
        exit(launch_fail("cannot tell the working directory: %s", strerror(errno)));
    char *absolute = xalloc_format("%s/%s", here, path);
    free(here);
    return absolute;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edits that turn `a` into `b`, where swapping two neighbours is one edit, by rows of the usual
 * table. A word longer than a row is near nothing. */
static size_t distance(const char *a, const char *b)
{
    enum { COLUMNS = 64 };
    size_t rows[3][COLUMNS];
    size_t columns = strlen(b);
    if (columns >= COLUMNS)
        return SIZE_MAX;
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= columns; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t *oldest = before;
        before = above;
        above = row;
        row = oldest;
        row[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            row[j] = least(above[j - 1] + (a[i - 1] != b[j - 1]), least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
    }
    return row[columns];
}

const char *launch_nearest(const char *word, const char *const *names)
{
    const char *nearest = NULL;
    size_t nearest_distance = SIZE_MAX;
    for (size_t i = 0; names[i]; i++) {
        size_t d = distance(word, names[i]);
        if (d < nearest_distance) {
            nearest_distance = d;
            nearest = names[i];
        }
    }
    /* A word of which more than half would have to change was not meant. */
    return nearest && nearest_distance <= (strlen(nearest) + 1) / 2 ? nearest : NULL;
}
