/* SPDX-License-Identifier: MIT */
#include "util/xalloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *xalloc_checked(void *pointer)
{
    if (pointer == NULL) {
        fputs("mmreport: out of memory\n", stderr);
        exit(2);
    }
    return pointer;
}

void *xalloc(size_t size)
{
    return xalloc_checked(malloc(size != 0 ? size : 1));
}

void *xalloc_zeroed(size_t count, size_t size)
{
    return xalloc_checked(calloc(count != 0 ? count : 1, size != 0 ? size : 1));
}

void *xalloc_resize(void *pointer, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return xalloc_checked(NULL);
    return xalloc_checked(realloc(pointer, bytes != 0 ? bytes : 1));
}

char *xalloc_text(const char *bytes, size_t length)
{
    char *copy = xalloc(length + 1);
    if (length != 0)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}

char *xalloc_format(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = NULL;
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    return xalloc_checked(length < 0 ? NULL : text);
}
