// SPDX-License-Identifier: MIT
// Nothing is reported: realloc to 0 bytes frees the block and returns a null pointer, as glibc's does.
#include "wipe.h"

int main(void)
{
    if (!realloc(malloc(100), 0))
        say("null");
    return 0;
}
