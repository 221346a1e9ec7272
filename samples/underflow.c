/* SPDX-License-Identifier: MIT
 *
 * Bug: trimming the blanks at the end of a line does not stop at its start.
 * mmguard: a heap buffer underflow (write) of 1 byte in trim, 1 byte before the start of a 4096-byte block that read_line
 * allocated.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 4096 };

__attribute__((noinline)) char *read_line(void)
{
    char *line = malloc(LINE);
    if (!line)
        exit(1);
    memset(line, ' ', LINE);
    return line;
}

__attribute__((noinline)) void trim(char *line, int length)
{
    volatile char *text = line;
    /* should be `length > 0` */
    while (length >= 0)
        text[--length] = '\0';
}

int main(void)
{
    char *line = read_line();
    trim(line, LINE);
    printf("trimmed: '%s'\n", line);
    free(line);
    return 0;
}
