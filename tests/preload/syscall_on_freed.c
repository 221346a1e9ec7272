// SPDX-License-Identifier: MIT
// Reported: use-after-free-read in write called by main, of a 64-byte block from malloc in main. The kernel alone would answer EFAULT.
#include "wipe.h"
#include <fcntl.h>

int main(void)
{
    char *block = malloc(64);
    memset(block, 'x', 64);
    free(block);
    REQUIRE(write(1, block, 0) == 0);
    int null = open("/dev/null", 1);
    REQUIRE(write(null, block, 64) == 64);
    return 0;
}
