// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write in fgetws, for the line that does not fit. Lines that fit are none, though the size given is more
// than the block has; the line is read to its end either way.
#define _GNU_SOURCE
#include <stdio.h>
#include <wchar.h>

#include "wipe.h"

extern wchar_t *__fgetws_chk(wchar_t *to, size_t room, int size, FILE *stream);

int main(void)
{
    FILE *file = tmpfile();
    fputs("short\n12345678\n12345678901\nlast", file);
    rewind(file);
    file = freopen(NULL, "r", file); // from bytes to wide characters
    wchar_t *block = malloc(10 * sizeof(wchar_t));
    if (!fgetws(block, 40, file) || wcscmp(block, L"short\n"))
        return 1;
    if (!__fgetws_chk(block, 10, 40, file) || wcscmp(block, L"12345678\n"))
        return 2;
    say("both fit");
    fgetws(block, 40, file);
    if (!fgetws(block, 40, file) || wcscmp(block, L"last"))
        return 3;
    say("after");
    fclose(file);
    free(block);
    return 0;
}
