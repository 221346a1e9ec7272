/* SPDX-License-Identifier: MIT
 *
 * Bug: a search that finds nothing returns a null pointer, and nobody asks.
 * mmguard: a null dereference in main. It ends the program, as it does without mmguard.
 */
#include <stdio.h>
#include <string.h>

struct entry {
    const char *name;
    int value;
};

__attribute__((noinline)) const struct entry *find(const struct entry *entries, const char *name)
{
    for (; entries->name; entries++)
        if (!strcmp(entries->name, name))
            return entries;
    return NULL;
}

int main(void)
{
    static const struct entry entries[] = {{"one", 1}, {"two", 2}, {NULL, 0}};
    printf("%d\n", find(entries, "three")->value);
    return 0;
}
