// SPDX-License-Identifier: MIT
// options: fill=freed
// Reported: use-after-free-read in main, then wild-pointer in main: the pointer that was read from the freed block. It ends the program.
#include "wipe.h"

struct node {
    struct node *next;
    int value;
};

int main(void)
{
    struct node *node = calloc(1, sizeof(*node));
    free(node);
    struct node *volatile next = node->next;
    say("after");
    return next->value;
}
