// SPDX-License-Identifier: MIT
// Reported: use-after-free-read in main. What is read is zero, so the list seems to end and the program goes on.
#include "wipe.h"

struct node {
    struct node *next;
};

int main(void)
{
    struct node *second = calloc(1, sizeof(*second)), *first = calloc(1, sizeof(*first));
    first->next = second;
    for (struct node *node = first; node; node = node->next)
        free(node);
    free(second);
    say("after");
    return 0;
}
