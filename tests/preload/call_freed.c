// SPDX-License-Identifier: MIT
// Reported: use-after-free-write in memcpy, use-after-free-read in strlen and fputs, called by main. What is written is lost.
#include "wipe.h"
#include <stdio.h>

int main(void)
{
    char *block[3];
    for (int i = 0; i < 3; i++) {
        block[i] = strdup("text");
        free(block[i]);
    }
    memcpy(block[0], "lost", 5);
    volatile size_t length = strlen(block[1]);
    FILE *null = fopen("/dev/null", "w");
    fputs(block[2], null);
    fclose(null);
    say("after");
    return 0;
}
