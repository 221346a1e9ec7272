// SPDX-License-Identifier: MIT
// Reported: use-after-free-write in memcpy, use-after-free-read in strlen and puts, called by main. What is written is lost.
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
    REQUIRE(strlen(block[1]) == 0);
    puts(block[2]);
    fflush(stdout);
    say("after");
    return 0;
}
