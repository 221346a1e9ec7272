// SPDX-License-Identifier: MIT
// Reported: a definite leak of 64 bytes in main. The status that the program gives to quick_exit() stays.
#include "wipe.h"

int main(void)
{
    void *volatile lost = malloc(64);
    lost = NULL;
    wipe_stack();
    quick_exit(5);
}
