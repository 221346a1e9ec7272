// SPDX-License-Identifier: MIT
// options: leak_check=0
// Reported: heap-buffer-overflow-write in fgets_unlocked, for the line that does not fit, after which libc ends the process. Lines that
// fit are none, though the size given is more than the block has.
#define _GNU_SOURCE
#include <stdio.h>

#include "wipe.h"

// What the compiler makes of fgets with a block whose size it knows. Called as such, since headers are inlined into the stack otherwise.
extern char *__fgets_chk(char *to, size_t room, int size, FILE *stream);
extern char *__fgets_unlocked_chk(char *to, size_t room, int size, FILE *stream);

int main(void)
{
    setenv("LIBC_FATAL_STDERR_", "1", 1); // and not to a terminal
    static char text[] = "short\n12345678\n1234567890\n";
    FILE *file = fmemopen(text, sizeof(text) - 1, "r");
    char *block = malloc(10);
    if (!__fgets_chk(block, 10, 40, file) || strcmp(block, "short\n"))
        return 1;
    if (!__fgets_unlocked_chk(block, 10, 40, file) || strcmp(block, "12345678\n"))
        return 2;
    say("both fit");
    __fgets_unlocked_chk(block, 10, 40, file);
    say("after");
    return 0;
}
