// SPDX-License-Identifier: MIT
// Reported: invalid-free in main of an address that is mapped by nothing.
#include "wipe.h"

int main(void)
{
    void *volatile pointer = (void *)0x10000;
    free(pointer);
    say("after");
    return 0;
}
