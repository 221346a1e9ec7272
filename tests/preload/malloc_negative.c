// SPDX-License-Identifier: MIT
// Reported: allocation-size-too-large in main, malloc of 18,446,744,073,709,551,615 bytes.
#include "wipe.h"
#include <errno.h>

int main(void)
{
    volatile size_t size = -1;
    errno = 0;
    if (!malloc(size) && errno == ENOMEM)
        say("null, ENOMEM");
    return 0;
}
