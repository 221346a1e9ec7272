// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write in sscanf and swscanf, by one character (%s, %[, %c, %ls) and one byte (%d); heap-buffer-overflow-read of an input without
// an end; called by main.
#include "wipe.h"
#include <stdio.h>
#include <wchar.h>

int main(void)
{
    char *block[5];
    wchar_t *wide = calloc(5, sizeof(*wide)), *other = calloc(5, sizeof(*wide));
    for (int i = 0; i < 5; i++)
        block[i] = calloc(1, i == 3 ? 3 : 5);
    REQUIRE(sscanf("01234", "%s", block[0]) == 1);
    REQUIRE(sscanf("- 01234+", "- %6[0-9]", block[1]) == 1);
    REQUIRE(sscanf("012345", "%6c", block[2]) == 1);
    REQUIRE(sscanf("1 7", "%*d%d", (int *)block[3]) == 1);
    REQUIRE(sscanf("01234", "%ls", wide) == 1);
    REQUIRE(swscanf(L"01234", L"%ls", other) == 1);
    memset(block[4], '7', 5);
    long number;
    REQUIRE(sscanf(block[4], "%5ld", &number) == 1 && number == 77777);
    say("after");
    for (int i = 0; i < 5; i++)
        free(block[i]);
    free(wide);
    free(other);
    return 0;
}
