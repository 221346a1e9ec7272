// SPDX-License-Identifier: MIT
// options: log=report.log
// Reported, to a file whose relative path means the directory at the start.
#include "wipe.h"
#include <sys/stat.h>

int main(void)
{
    REQUIRE(mkdir("elsewhere", 0700) == 0 && chdir("elsewhere") == 0);
    volatile char *block = malloc(16);
    block[16] = 1;
    free((void *)block);
    REQUIRE(access("report.log", F_OK) != 0);
    REQUIRE(access("../report.log", R_OK) == 0);
    say("after");
    return 0;
}
