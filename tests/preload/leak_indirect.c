// SPDX-License-Identifier: MIT
// Reported: definite leak of 1 block of 16 bytes (the head) and with it, indirect, 2 blocks of 16 bytes, all from push.
#include "wipe.h"

struct node {
    struct node *next;
    long value;
};

static struct node *volatile list;

static void push(long value)
{
    struct node *node = malloc(sizeof(*node));
    node->next = list;
    node->value = value;
    list = node;
}

int main(void)
{
    push(1);
    push(2);
    push(3);
    list = NULL;
    wipe_stack();
    say("after");
    return 0;
}
