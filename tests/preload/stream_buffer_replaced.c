// SPDX-License-Identifier: MIT
// Goes unnoticed: buffers of streams that are freed when nothing is in them that is still to be written.
#include "wipe.h"
#include <stdio.h>
#include <stdio_ext.h>

int main(void)
{
    char *buffer = malloc(4096), *other = malloc(4096);
    FILE *file = tmpfile();
    setvbuf(file, buffer, _IOFBF, 4096);
    fputs("text", file);
    setvbuf(file, other, _IOFBF, 4096);
    free(buffer);
    fputs("text", file);
    fclose(file);
    free(other);

    file = tmpfile();
    buffer = malloc(4096);
    setvbuf(file, buffer, _IOFBF, 4096);
    fputs("text", file);
    fflush(file);
    free(buffer);
    fclose(file);

    // What is thrown away is not read.
    file = tmpfile();
    buffer = malloc(4096);
    setvbuf(file, buffer, _IOFBF, 4096);
    fputs("text", file);
    free(buffer);
    __fpurge(file);
    fclose(file);

    // The end does not write it.
    buffer = malloc(4096);
    setvbuf(stdout, buffer, _IOFBF, 4096);
    fputs("text", stdout);
    free(buffer);
    _exit(0);
}
