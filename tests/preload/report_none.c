// SPDX-License-Identifier: MIT
// options: report=none
// Nothing is printed, and the status tells that something was found.
#include "wipe.h"

int main(void)
{
    char *block = malloc(16);
    free(block);
    free(block);
    say("after");
    return 0;
}
