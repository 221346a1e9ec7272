// SPDX-License-Identifier: MIT
// options: on_error=abort
// Reported: heap-buffer-overflow-write of 1 byte in main of a 16-byte block; then the process ends by SIGABRT, before "after" is
// printed.
#include "wipe.h"

int main(void)
{
    volatile char *block = malloc(16);
    block[16] = 1;
    say("after");
    return 0;
}
