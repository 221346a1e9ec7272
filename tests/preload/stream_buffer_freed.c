// SPDX-License-Identifier: MIT
// Reported: use-after-free-read in fflush, fclose, setvbuf, setbuf, freopen and, of stdout, in exit: the stream's buffer has
// been freed, and what is in it is written out all the same.
#include "wipe.h"
#include <stdio.h>

static FILE *stream(char *buffer)
{
    FILE *file = tmpfile();
    setvbuf(file, buffer, _IOFBF, 4096);
    return file;
}

static void written(FILE *file)
{
    char text[100] = "";
    rewind(file);
    fgets(text, sizeof(text), file);
    say(text);
    fclose(file);
}

int main(void)
{
    // In a structure that is freed, and moved by realloc.
    struct { long before; char buffer[4096]; } *flushed = malloc(sizeof(*flushed));
    FILE *file = stream(flushed->buffer);
    fputs("flushed", file);
    free(flushed);
    fflush(file);
    written(file);

    char *moved = malloc(4096);
    file = tmpfile();
    setbuffer(file, moved, 4096);
    int descriptor = dup(fileno(file));
    fputs("closed", file);
    moved = realloc(moved, 100000);
    fclose(file);
    file = fdopen(descriptor, "r");
    written(file);

    char *replaced = malloc(4096);
    file = stream(replaced);
    fputs("replaced", file);
    free(replaced);
    setvbuf(file, NULL, _IONBF, 0);
    written(file);

    // Some more of it goes into the freed buffer.
    char *more = malloc(BUFSIZ);
    file = tmpfile();
    setbuf(file, more);
    fputs("some", file);
    free(more);
    fputs(" more", file);
    setbuf(file, NULL);
    written(file);

    char *reopened = malloc(4096);
    file = stream(reopened);
    descriptor = dup(fileno(file));
    fputs("reopened", file);
    free(reopened);
    file = freopen("/dev/null", "w", file);
    fclose(file);
    written(fdopen(descriptor, "r"));

    char *last = malloc(4096);
    setvbuf(stdout, last, _IOFBF, 4096);
    puts("the last line");
    free(last);
    free(moved);
    exit(0);
}
