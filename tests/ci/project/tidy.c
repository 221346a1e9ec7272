/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
    char *name = malloc(16);
    strcpy(name, "tidy");
    puts(name);
    free(name);
    return 0;
}
