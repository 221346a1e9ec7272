// SPDX-License-Identifier: MIT
// Reported by the child only: definite leak of 70 bytes in 1 block from malloc in main, allocated after the fork.
#include "wipe.h"
#include <stdio.h>
#include <sys/wait.h>

static void *volatile last;

int main(void)
{
    pid_t child = fork();
    if (child == 0) {
        last = malloc(70);
        last = NULL;
        wipe_stack();
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    char line[40];
    snprintf(line, sizeof(line), "child %d", WEXITSTATUS(status));
    say(line);
    return 0;
}
