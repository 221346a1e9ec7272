// SPDX-License-Identifier: MIT
// Not seen: a read before the block that stays in its page.
#include <stdlib.h>

int main(void)
{
    volatile char *p = malloc(16);
    char c = p[-1];
    free((void *)p);
    return c == 1;
}
