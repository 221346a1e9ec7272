/* SPDX-License-Identifier: MIT */
#include "util/failure.h"

#include "util/escape.h"
#include "util/progress.h"
#include "util/xalloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *failure_format(const char *format, va_list arguments)
{
    char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0)
        text = xalloc_text("out of memory", strlen("out of memory"));
    return text;
}

bool failure_set(struct failure *failure, const char *format, ...)
{
    if (failure->text == NULL) {
        va_list arguments;
        va_start(arguments, format);
        failure->text = failure_format(format, arguments);
        va_end(arguments);
    }
    return false;
}

void failure_free(struct failure *failure)
{
    free(failure->text);
    failure->text = NULL;
}

static void failure_line(const char *text)
{
    char *safe = escape_text(text, strlen(text));
    progress_end();
    fprintf(stderr, "mmreport: %s\n", safe);
    free(safe);
}

void failure_print(const struct failure *failure)
{
    failure_line(failure->text != NULL ? failure->text : "failed");
}

void failure_warn(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = failure_format(format, arguments);
    va_end(arguments);
    failure_line(text);
    free(text);
}
