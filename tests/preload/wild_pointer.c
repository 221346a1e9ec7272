// SPDX-License-Identifier: MIT
// Reported: wild-pointer in main, at an address that no program can have. It ends the program by SIGSEGV.
#include "wipe.h"

int main(void)
{
    return *(volatile int *volatile)0x4141414141414141;
}
