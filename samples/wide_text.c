/* SPDX-License-Identifier: MIT
 *
 * Bug: the size of a buffer for wide characters is computed in bytes.
 * mmguard: a heap buffer overflow (write) by wcscpy in title_of, of a 6-byte block that title_of allocated.
 */
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

static wchar_t *(*volatile copy)(wchar_t *, const wchar_t *) = wcscpy;

__attribute__((noinline)) wchar_t *title_of(const wchar_t *text)
{
    wchar_t *title = malloc(wcslen(text) + 1); /* should be times sizeof(wchar_t) */
    if (!title)
        exit(1);
    return copy(title, text);
}

int main(void)
{
    wchar_t *title = title_of(L"Enter");
    printf("%ls\n", title);
    free(title);
    return 0;
}
