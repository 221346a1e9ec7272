// SPDX-License-Identifier: MIT
// Standard error is a pipe that nobody reads: what is reported is lost, and the program goes on.
#include "wipe.h"

int main(int count, char **arguments)
{
    if (count == 1) {
        int ends[2];
        REQUIRE(pipe(ends) == 0 && dup2(ends[1], 2) == 2);
        close(ends[0]);
        close(ends[1]);
        execl("/proc/self/exe", arguments[0], "again", NULL);
    }
    volatile char *block = malloc(16);
    block[16] = 1;
    free((void *)block);
    say("after");
    return 0;
}
