// SPDX-License-Identifier: MIT
// Reported: calloc-overflow in main, by reallocarray; the old block lives on.
#define _GNU_SOURCE
#include "wipe.h"
#include <errno.h>

int main(void)
{
    volatile size_t count = (size_t)1 << 33;
    char *block = malloc(10);
    block[0] = 'x';
    errno = 0;
    if (!reallocarray(block, count, count) && errno == ENOMEM && block[0] == 'x')
        say("null, ENOMEM");
    free(block);
    return 0;
}
