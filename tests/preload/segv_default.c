// SPDX-License-Identifier: MIT
// Reported: null-dereference in main. It ends the program by SIGSEGV, as without libguard.
#include "wipe.h"

int main(void)
{
    *(volatile int *volatile)NULL = 1;
    return 0;
}
