// SPDX-License-Identifier: MIT
// flags: -rdynamic
// Reported: 1 definite leak of 12 bytes; that of 100 bytes the program itself says is none.
#include "wipe.h"

const char *__lsan_default_suppressions(void)
{
    return "# known\nleak:lose_known\nleak:nothing_of_this_name\n";
}
static void *volatile last;

static void lose_known(void)
{
    last = malloc(100);
}

static void lose(void)
{
    last = malloc(12);
    last = NULL;
}

int main(void)
{
    lose_known();
    lose();
    wipe_stack();
    return 0;
}
