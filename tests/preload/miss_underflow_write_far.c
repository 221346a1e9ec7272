// SPDX-License-Identifier: MIT
// compact: no, the block before this one may lie there
// Not seen: a write more than 64 bytes before the block that stays in its page.
#include <stdlib.h>

int main(void)
{
    volatile char *p = malloc(16);
    p[-200] = 1;
    free((void *)p);
    return 0;
}
