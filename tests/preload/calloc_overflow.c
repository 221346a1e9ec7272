// SPDX-License-Identifier: MIT
// Reported: calloc-overflow in main.
#include "wipe.h"
#include <errno.h>

int main(void)
{
    volatile size_t count = (size_t)1 << 33;
    errno = 0;
    if (!calloc(count, count) && errno == ENOMEM)
        say("null, ENOMEM");
    return 0;
}
