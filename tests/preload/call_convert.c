// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write in mbstowcs, wcstombs, mbsrtowcs, strxfrm, strftime, inet_pton and inet_ntop, heap-buffer-overflow-read in wcstombs,
// wcscasecmp and dirname, called by main.
#include "wipe.h"
#include <arpa/inet.h>
#include <libgen.h>
#include <time.h>
#include <wchar.h>

int main(void)
{
    char *block[5], other[100], *path = malloc(5);
    wchar_t *wide[4];
    struct tm day = {.tm_year = 100, .tm_mday = 1};
    const char *source = "01234";
    mbstate_t state = {0};
    for (int i = 0; i < 5; i++)
        block[i] = calloc(1, 5);
    for (int i = 0; i < 4; i++)
        wide[i] = calloc(5, sizeof(wchar_t));
    REQUIRE(mbstowcs(wide[0], source, 100) == 5);
    REQUIRE(mbsrtowcs(wide[1], &source, 100, &state) == 5 && !source);
    REQUIRE(wcstombs(block[0], L"01234", 100) == 5);
    REQUIRE(strxfrm(block[1], "01234", 100) == 5);
    REQUIRE(strftime(block[2], 100, "%Y-", &day) == 5);
    REQUIRE(inet_pton(AF_INET6, "::1", block[3]) == 1);
    REQUIRE(inet_ntop(AF_INET, "\1\2\3\4", block[4], 100) == block[4]);
    wmemset(wide[2], L'x', 5);
    REQUIRE(wcstombs(other, wide[2], 100) >= 5);
    wmemset(wide[3], L'x', 5);
    REQUIRE(wcscasecmp(wide[3], L"XXXXX") != 1);
    memset(path, 'x', 5);
    dirname(path);
    say("after");
    for (int i = 0; i < 5; i++)
        free(block[i]);
    for (int i = 0; i < 4; i++)
        free(wide[i]);
    free(path);
    return 0;
}
