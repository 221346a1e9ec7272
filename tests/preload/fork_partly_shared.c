// SPDX-License-Identifier: MIT
// A child has written to some pages of a block of its parent's and frees it while it blocks every signal: the kernel moves the pages
// that are the child's own, refuses the shared one, and damage on either side of that is found all the same.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, SIZE = 2 * PAGE + PAGE / 2 + 1 };

static void child(char *sound, char *behind, char *before)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    sound[0] = 1;
    behind[0] = 1;
    behind[SIZE + 2] = 1;
    before[-3] = 1;
    free(sound);
    free(behind);
    free(before);
    printf("child is alive\n");
    exit(0);
}

int main(void)
{
    char *blocks[3];
    for (int i = 0; i < 3; i++)
        memset(blocks[i] = malloc(SIZE), 'x', SIZE);
    fflush(stdout);
    if (fork() == 0)
        child(blocks[0], blocks[1], blocks[2]);
    int status;
    wait(&status);
    printf("status %d\n", WEXITSTATUS(status));
    for (int i = 0; i < 3; i++)
        free(blocks[i]);
    return 0;
}
