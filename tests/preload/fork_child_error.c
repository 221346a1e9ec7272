// SPDX-License-Identifier: MIT
// Reported once, by the child: heap-buffer-overflow-write of 1 byte in main, of a 32-byte block from malloc in main that was
// allocated before the fork. The child's status is 23, the parent's own 0; inherited blocks are no leaks of the child.
#include "wipe.h"
#include <stdio.h>
#include <sys/wait.h>

static void *volatile inherited;

int main(void)
{
    volatile char *block = malloc(32);
    inherited = malloc(50);
    pid_t child = fork();
    if (child == 0) {
        inherited = NULL;
        block[32] = 1;
        exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    char line[40];
    snprintf(line, sizeof(line), "child %d", WEXITSTATUS(status));
    say(line);
    free((void *)block);
    free(inherited);
    return 0;
}
