// SPDX-License-Identifier: MIT
// Nothing is reported: a program that has given %S and %s a meaning of its own prints what is no text.
#include "wipe.h"
#include <printf.h>
#include <stdio.h>

struct point {
    char x, y, z;
};

static int print_point(FILE *stream, const struct printf_info *info, const void *const *arguments)
{
    const struct point *point = *(const struct point *const *)arguments[0];
    return fprintf(stream, "(%d %d %d)", point->x, point->y, point->z);
}

static int describe_point(const struct printf_info *info, size_t count, int *types, int *sizes)
{
    if (count)
        types[0] = PA_POINTER;
    return 1;
}

int main(void)
{
    struct point *point = malloc(sizeof(*point));
    char line[50];
    *point = (struct point){1, 2, 3};
    REQUIRE(!register_printf_specifier('S', print_point, describe_point));
    REQUIRE(snprintf(line, sizeof(line), "%S", point) == 7 && !strcmp(line, "(1 2 3)"));
    REQUIRE(!register_printf_specifier('s', print_point, describe_point));
    REQUIRE(snprintf(line, sizeof(line), "%s", point) == 7 && !strcmp(line, "(1 2 3)"));
    free(point);
    say("after");
    return 0;
}
