// SPDX-License-Identifier: MIT
// Nothing is reported; a pointer is described in words.
#include "mmguard.h"
#include "wipe.h"
#include <stdio.h>

static void show(const void *pointer)
{
    char text[200], line[300], *address;
    int place = mmguard_describe(pointer, text, sizeof(text));
    if ((address = strstr(text, " at 0x")))
        memmove(address, strstr(text, " from "), strlen(strstr(text, " from ")) + 1);
    snprintf(line, sizeof(line), "%d %s", place, text);
    say(line);
}

int main(void)
{
    int local;
    char *live = malloc(48), *freed = calloc(2, 10), cut[4];
    free(freed);
    show(live);
    show(live + 47);
    show(live + 48);
    show(live - 3);
    show(freed + 5);
    show(&local);
    show(NULL);
    mmguard_describe(live, cut, sizeof(cut));
    REQUIRE(strlen(cut) == 3);
    REQUIRE(mmguard_describe(live, cut, 0) == MMGUARD_LIVE);
    free(live);
    return 0;
}
