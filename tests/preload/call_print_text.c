// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-read in printf, fprintf, snprintf, vprintf and wide ones, of texts without an end, called by main; use-after-free-read of a
// freed text.
#include "wipe.h"
#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>

static char *unended(void)
{
    char *text = malloc(21);
    memset(text, 'x', 21);
    return text;
}

static void print(FILE *stream, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vfprintf(stream, format, list);
    va_end(list);
}

int main(void)
{
    FILE *null = fopen("/dev/null", "w");
    char *text[5], line[100];
    wchar_t wide_line[100], *wide = calloc(5, sizeof(*wide));
    for (int i = 0; i < 5; i++)
        text[i] = unended();
    wmemset(wide, L'x', 5);
    fprintf(null, "%d %-3s|%s\n", 1, "a", text[0]);
    snprintf(line, sizeof(line), "%5.2f %Lg %.22s", 1.5, 2.5L, text[1]);
    print(null, "%*d %s", 4, 2, text[2]);
    swprintf(wide_line, 100, L"%s", text[3]);
    fprintf(null, "%ls", wide);
    free(text[4]);
    fprintf(null, "%s", text[4]);
    fclose(null);
    say("after");
    for (int i = 0; i < 4; i++)
        free(text[i]);
    free(wide);
    return 0;
}
