// SPDX-License-Identifier: MIT
// options: fill=all
// Reported: wild-pointer in main: a pointer in a block that was never written. It ends the program. Memory from calloc is zero.
#include "wipe.h"

struct node {
    struct node *next;
    int value;
};

int main(void)
{
    static char zeros[64];
    char *clear = calloc(1, 64), *grown = realloc(calloc(1, 10), 20);
    REQUIRE(memcmp(clear, zeros, 64) == 0 && memcmp(grown, zeros, 10) == 0 && grown[10]);
    struct node *volatile node = malloc(sizeof(*node));
    return node->next->value;
}
