/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *make_name(const char *text)
{
    char *name = malloc(32);
    return strcpy(name, text);
}

int main(void)
{
    puts(make_name("first"));
    puts(make_name("second"));
    return 0;
}
