// SPDX-License-Identifier: MIT
// Reported: invalid-free in main of a pointer to a global variable of the program.
#include "wipe.h"

static char global[32];

int main(void)
{
    void *volatile pointer = global;
    free(pointer);
    say("after");
    return 0;
}
