// SPDX-License-Identifier: MIT
// Not seen: an overflow from one member of a structure into the next.
#include <stdlib.h>

struct pair {
    char name[16];
    int number;
};

int main(void)
{
    struct pair *p = malloc(sizeof(*p));
    volatile char *name = p->name;
    for (int i = 0; i <= 16; i++)
        name[i] = 'a';
    free(p);
    return 0;
}
