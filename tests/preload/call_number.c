// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-read in strtol, strtoull, atoi, strtod and wcstol of digits that fill their block, use-after-free-read in strtol, called by
// main.
#include "wipe.h"
#include <wchar.h>

int main(void)
{
    char *digits[5], *end;
    for (int i = 0; i < 5; i++) {
        digits[i] = malloc(5);
        memset(digits[i], '0' + i, 5);
    }
    wchar_t *wide = calloc(5, sizeof(*wide));
    wmemset(wide, L'7', 5);
    REQUIRE(strtol(digits[0], &end, 10) == 0 && end == digits[0] + 5);
    REQUIRE(strtoull(digits[1], NULL, 16) == 0x11111);
    REQUIRE(atoi(digits[2]) == 22222);
    REQUIRE(strtod(digits[3], NULL) == 33333);
    REQUIRE(wcstol(wide, NULL, 0) == 77777);
    free(digits[4]);
    volatile long value = strtol(digits[4], NULL, 10);
    say("after");
    for (int i = 0; i < 4; i++)
        free(digits[i]);
    free(wide);
    return 0;
}
