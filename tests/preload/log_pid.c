// SPDX-License-Identifier: MIT
// options: log=report-%p-%e-%%.log
// Reported, to a file that is named by the process id and the program.
#include "wipe.h"
#include <stdio.h>

int main(void)
{
    char path[100];
    char *block = malloc(16);
    memset(block, 0, 17);
    free(block);
    snprintf(path, sizeof(path), "report-%d-log_pid-%%.log", (int)getpid());
    REQUIRE(access(path, R_OK) == 0);
    say("after");
    return 0;
}
