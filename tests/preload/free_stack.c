// SPDX-License-Identifier: MIT
// Reported: invalid-free in main of a pointer to the stack.
#include "wipe.h"

int main(void)
{
    char local[32];
    void *volatile pointer = local;
    free(pointer);
    say("after");
    return 0;
}
