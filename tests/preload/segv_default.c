// SPDX-License-Identifier: MIT
// Nothing is reported: a null dereference ends the program by SIGSEGV, as without libguard.
#include "wipe.h"

int main(void)
{
    *(volatile int *volatile)NULL = 1;
    return 0;
}
