/* SPDX-License-Identifier: MIT
 *
 * A graph of COUNT blocks of 64 bytes, each pointing to four others at random, all reachable from
 * one global pointer, and LOST blocks of 48 bytes that nothing points to.
 *
 *     leak_graph COUNT LOST
 *
 * Prints {"main_end": NS, "main_cpu": NS}, the time of CLOCK_MONOTONIC and the process's CPU time
 * when main returns, so that what the process does from then on can be measured from outside, for
 * any leak checker alike.
 */
#include "slices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct node {
    struct node *next;
    struct node *edges[4];
    uint64_t filler[3];
};

/* Not static: the compiler would leave out what nobody reads. */
struct node *volatile graph;

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* In functions of their own, so that no register or stack slot of main keeps a pointer. */
static __attribute__((noinline)) void build(size_t count)
{
    uint64_t state = 88172645463325252u;
    struct node **nodes = malloc(count * sizeof *nodes);
    for (size_t i = 0; i < count; i++) {
        nodes[i] = malloc(sizeof *nodes[i]);
        if (nodes[i] == NULL) {
            fputs("malloc failed\n", stderr);
            exit(3);
        }
    }
    /* The chain that makes all reachable goes through the blocks in random order, as pointers in
     * old heaps do. */
    for (size_t i = count; i-- > 1;) {
        size_t at = next_random(&state) % (i + 1);
        struct node *swapped = nodes[at];
        nodes[at] = nodes[i];
        nodes[i] = swapped;
    }
    for (size_t i = 0; i < count; i++) {
        *nodes[i] = (struct node){.next = i + 1 < count ? nodes[i + 1] : NULL, .filler = {i, i, i}};
        for (int e = 0; e < 4; e++)
            nodes[i]->edges[e] = nodes[next_random(&state) % count];
    }
    graph = nodes[0];
    memset(nodes, 0, count * sizeof *nodes);
    free(nodes);
}

static __attribute__((noinline)) void lose(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        void *volatile block = malloc(48);
        memset(block, 1, 48);
        block = NULL;
    }
}

static __attribute__((noinline)) void wipe_stack(void)
{
    volatile char rubbish[4096];
    for (size_t i = 0; i < sizeof rubbish; i++)
        rubbish[i] = 0;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    lose(strtoul(argv[2], NULL, 10));
    build(strtoul(argv[1], NULL, 10));
    wipe_stack();
    printf("{\"main_end\": %llu, \"main_cpu\": %llu}\n", (unsigned long long)slices_wall(),
           (unsigned long long)slices_cpu());
    fflush(stdout);
    return 0;
}
