// SPDX-License-Identifier: MIT
// Nothing is reported: the functions do not read what is missing.
#define _GNU_SOURCE
#include "wipe.h"
#include <errno.h>
#include <stdlib.h>
#include <wchar.h>

int main(void)
{
    char *text = malloc(4), *none = malloc(1);
    char *(*fold)(const char *, const char *) = (void *)strcasestr;
    void *(*find)(const void *, size_t, const void *, size_t) = (void *)memmem;
    memcpy(text, "aBcd", 4);
    REQUIRE(fold(text, "bC") == text + 1);
    REQUIRE(find(text, 100, "cd", 2) == text + 2);
    free(none);
    // Wide texts likewise.
    wchar_t *wide = malloc(4 * sizeof(wchar_t));
    wmemcpy(wide, L"aBcd", 4);
    wchar_t *(*part)(const wchar_t *, const wchar_t *) = (void *)wcsstr, *(*any)(const wchar_t *, const wchar_t *) = (void *)wcspbrk;
    REQUIRE(part(wide, L"Bc") == wide + 1 && any(wide, L"dc") == wide + 2);
    REQUIRE(wcsspn(wide, L"aB") == 2 && wcscspn(wide, L"d") == 3);
    free(wide);
    errno = 0;
    REQUIRE(strtol(none, NULL, 1) == 0 && errno == EINVAL);
    REQUIRE(strtoull(none, NULL, 37) == 0 && strtoul(none, NULL, -1) == 0);
    free(text);
    say("after");
    return 0;
}
