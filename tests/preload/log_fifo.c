// SPDX-License-Identifier: MIT
// options: log=fifo
// Reported on standard error, since the log is a FIFO that nobody reads: heap-buffer-overflow-write of 1 byte in main.
#include "wipe.h"
#include <sys/stat.h>

int main(void)
{
    REQUIRE(mkfifo("fifo", 0600) == 0);
    volatile char *block = malloc(16);
    block[16] = 1;
    free((void *)block);
    say("after");
    return 0;
}
