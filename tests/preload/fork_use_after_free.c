// SPDX-License-Identifier: MIT
// Reported once, by the child: use-after-free-read of 1 byte in main of a 32-byte block that the parent freed before the fork.
#include "wipe.h"
#include <stdio.h>
#include <sys/wait.h>

int main(void)
{
    volatile char *block = malloc(32);
    free((void *)block);
    pid_t child = fork();
    if (child == 0) {
        volatile char value = block[0];
        exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    char line[40];
    snprintf(line, sizeof(line), "child %d", WEXITSTATUS(status));
    say(line);
    return 0;
}
