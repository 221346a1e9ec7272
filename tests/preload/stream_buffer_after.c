// SPDX-License-Identifier: MIT
// Reported: use-after-free-read in fclose, of a stream's buffer that has been freed, and use-after-free-read in main, of a
// second one, which is no more accessible than any freed block when its stream has been closed.
#include "wipe.h"
#include <stdio.h>
#include <stdio_ext.h>

int main(void)
{
    char *buffer = malloc(4096);
    FILE *file = tmpfile();
    setvbuf(file, buffer, _IOFBF, 4096);
    fputs("text", file);
    free(buffer);
    fclose(file);

    buffer = malloc(4096);
    file = tmpfile();
    setvbuf(file, buffer, _IOFBF, 4096);
    fputs("text", file);
    free(buffer);
    __fpurge(file);
    fclose(file);
    volatile char read = buffer[0];
    say("after");
    return 0;
}
