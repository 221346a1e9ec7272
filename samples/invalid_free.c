/* SPDX-License-Identifier: MIT
 *
 * Bug: leading blanks are skipped with the only pointer to a text, which is freed then; and a default that was never allocated is freed.
 * mmguard: an invalid free (not the start of a block), 2 bytes from the start of a block that main allocated; an invalid free of a
 * constant of the program; a leak.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *volatile default_name = (char *)"nobody";

__attribute__((noinline)) void greet(char *name)
{
    while (*name == ' ')
        name++;
    printf("hello %s\n", name);
    free(name);
}

int main(void)
{
    char *name = malloc(16);
    if (!name)
        return 1;
    strcpy(name, "  Ada");
    greet(name);
    greet(default_name);
    return 0;
}
