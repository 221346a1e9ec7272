// SPDX-License-Identifier: MIT
// flags: -no-pie -Wl,-z,separate-code -Wl,-z,max-page-size=0x200000
// The segments of the program lie apart, so that glibc knows each of them as an object of its own, without unwind information.
#include <stdlib.h>

static void innermost(void)
{
    char *volatile block = malloc(20);
    block[32] = 1;
    free(block);
}

static void middle(void)
{
    innermost();
}

int main(void)
{
    middle();
    return 0;
}
