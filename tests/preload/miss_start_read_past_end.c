// SPDX-License-Identifier: MIT
// options: placement=start
// compact: no, there is no placement
// Not seen with placement=start: a read past the end within the block's last page.
#include <stdlib.h>

int main(void)
{
    volatile char *p = malloc(16);
    char c = p[16];
    free((void *)p);
    return c == 1;
}
