/* SPDX-License-Identifier: MIT */
#include "cli/launch_text.h"

#include "common/editdistance.h"
#include "util/escape.h"
#include "util/xalloc.h"

#include <errno.h>
#include <stdarg.h>
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

const char *launch_nearest(const char *word, const char *const *names)
{
    const char *nearest = NULL;
    unsigned fewest = EDITDISTANCE_FAR;
    for (size_t i = 0; names[i]; i++) {
        unsigned edits = editdistance(word, names[i]);
        if (edits < fewest) {
            fewest = edits;
            nearest = names[i];
        }
    }
    /* A word of which more than half would have to change was not meant. */
    return nearest && fewest <= (strlen(nearest) + 1) / 2 ? nearest : NULL;
}
