// SPDX-License-Identifier: MIT
// Reported: 48 bytes in 3 blocks that point to each other in a ring, from malloc in main: 1 definite, 2 indirect.
#include "wipe.h"

struct node {
    struct node *next;
    long value;
};

static struct node *volatile ring[3];

int main(void)
{
    for (int i = 0; i < 3; i++)
        ring[i] = malloc(sizeof(struct node));
    for (int i = 0; i < 3; i++)
        ring[i]->next = ring[(i + 1) % 3];
    for (int i = 0; i < 3; i++)
        ring[i] = NULL;
    wipe_stack();
    say("after");
    return 0;
}
