// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write in fgets, fread and getline, heap-buffer-overflow-read in fwrite, called by main. Lines that fit are nobody's
// business, however large the size is said to be.
#include "wipe.h"
#include <stdio.h>

int main(void)
{
    FILE *file = tmpfile();
    fputs("short\n0123456789\nanother\n", file);
    rewind(file);
    char *block[4];
    for (int i = 0; i < 4; i++)
        block[i] = calloc(1, 10);
    REQUIRE(fgets(block[0], 100, file) && !strcmp(block[0], "short\n"));
    REQUIRE(fgets(block[0], 100, file) && !strcmp(block[0], "0123456789\n"));
    REQUIRE(fread(block[1], 1, 100, file) == 8);
    rewind(file);
    REQUIRE(fread(block[1], 1, 100, file) == 25);
    rewind(file);
    size_t size = 100;
    char *line = block[2];
    REQUIRE(getline(&line, &size, file) == 6);
    fwrite(block[3], 1, 11, file);
    fclose(file);
    say("after");
    for (int i = 0; i < 4; i++)
        free(block[i]);
    return 0;
}
