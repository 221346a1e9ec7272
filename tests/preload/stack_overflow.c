// SPDX-License-Identifier: MIT
// options: depth=2
// Reported: stack-overflow in deeper called by deeper. It ends the program by SIGSEGV.
#include "wipe.h"

static int deeper(int level)
{
    volatile char dirt[1000];
    dirt[0] = (char)level;
    return deeper(level + 1) + dirt[0];
}

int main(void)
{
    return deeper(0);
}
