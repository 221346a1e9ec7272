// SPDX-License-Identifier: MIT
// Nothing is reported: what a child does to its copy of a block is not seen by the parent, and the other way round.
#include "wipe.h"
#include <sys/wait.h>

int main(void)
{
    char *blocks[50];
    for (int i = 0; i < 50; i++) {
        blocks[i] = malloc(100);
        memset(blocks[i], i, 100);
    }
    pid_t child = fork();
    for (int i = 0; i < 50; i++) {
        REQUIRE(blocks[i][99] == i);
        memset(blocks[i], child ? 1 : 2, 100);
        if (i % 2)
            blocks[i] = realloc(blocks[i], 200);
        REQUIRE(blocks[i][0] == (child ? 1 : 2));
        free(blocks[i]);
    }
    if (child == 0)
        exit(0);
    int status;
    REQUIRE(waitpid(child, &status, 0) == child && status == 0);
    say("after");
    return 0;
}
