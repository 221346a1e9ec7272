// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write in strcpy, strncpy, strcat and sprintf called by main, each of a 10-byte block, whose slack hides nothing; then
// heap-buffer-overflow-read in strdup, of a text without an end.
#include "wipe.h"
#include <stdio.h>

int main(void)
{
    char *block[5];
    for (int i = 0; i < 5; i++)
        block[i] = calloc(1, 10);
    strcpy(block[0], "0123456789");
    strncpy(block[1], "x", 11);
    strcpy(block[2], "01234");
    strcat(block[2], "56789");
    sprintf(block[3], "%d", 1234567890);
    memset(block[4], 'x', 10);
    free(strdup(block[4]));
    REQUIRE(!strcmp(block[0], "0123456789"));
    say("after");
    for (int i = 0; i < 5; i++)
        free(block[i]);
    return 0;
}
