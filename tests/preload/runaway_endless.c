// SPDX-License-Identifier: MIT
// Reported: one heap-buffer-overflow-write in main. When the loop has left all blocks behind, the fault ends the program.
#include "wipe.h"

int main(void)
{
    volatile char *block = malloc(40);
    for (size_t i = 0; i < (size_t)1 << 40; i++)
        block[i] = 1;
    say("after");
    return 0;
}
