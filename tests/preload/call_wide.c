// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write in wcscpy, wmemset and swprintf, heap-buffer-overflow-read in wcslen, called by main.
#include "wipe.h"
#include <wchar.h>

int main(void)
{
    wchar_t *block[4];
    for (int i = 0; i < 4; i++)
        block[i] = calloc(5, sizeof(wchar_t));
    wcscpy(block[0], L"01234");
    wmemset(block[1], L'x', 6);
    REQUIRE(swprintf(block[2], 20, L"%ls", L"0123456") == 7);
    for (int i = 0; i < 5; i++)
        block[3][i] = L'x';
    volatile size_t length = wcslen(block[3]);
    say("after");
    for (int i = 0; i < 4; i++)
        free(block[i]);
    return 0;
}
