/* SPDX-License-Identifier: MIT
 *
 * Bug: the copy of a name has no room for the terminating zero byte.
 * mmguard: a heap buffer overflow (write) of 1 byte in copy_name, 0 bytes past the end of a 16-byte block that copy_name
 * allocated.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((noinline)) char *copy_name(const char *name)
{
    char *copy = malloc(strlen(name));
    if (!copy)
        exit(1);
    for (size_t i = 0; i <= strlen(name); i++)
        ((volatile char *)copy)[i] = name[i];
    return copy;
}

int main(void)
{
    char *name = copy_name("Ada King Lovelac");
    printf("%.16s\n", name);
    free(name);
    return 0;
}
