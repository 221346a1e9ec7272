// SPDX-License-Identifier: MIT
// Reported: every kind of error that a program in C can have; see every_kind.h.
// flags: -pthread
#include "every_kind.h"

int main(void)
{
    every_kind();
    wipe_stack();
    return 0;
}
