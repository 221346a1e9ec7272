/* SPDX-License-Identifier: MIT
 *
 * Bug: parent and child hold each other, and the last pointer from outside is dropped; counting pointers to a block would
 * call neither of them lost.
 * mmguard: a definite leak of one of the two 32-byte blocks, allocated by make_node, and the other as an indirect one: 64
 * bytes in 2 blocks.
 */
#include <stdio.h>
#include <stdlib.h>

struct node {
    struct node *peer;
    long data[3];
};

static struct node *volatile family;

__attribute__((noinline)) struct node *make_node(void)
{
    struct node *node = calloc(1, sizeof(*node));
    if (!node)
        exit(1);
    return node;
}

__attribute__((noinline)) void make_family(void)
{
    struct node *parent = make_node();
    parent->peer = make_node();
    parent->peer->peer = parent;
    family = parent;
}

/* Overwrites what the calls before left on the stack. */
__attribute__((noinline)) void wipe_stack(void)
{
    volatile char dirt[4096];
    for (size_t i = 0; i < sizeof(dirt); i++)
        dirt[i] = 0;
}

int main(void)
{
    make_family();
    family = NULL; /* should break the cycle and free both */
    wipe_stack();
    puts("family forgotten");
    return 0;
}
