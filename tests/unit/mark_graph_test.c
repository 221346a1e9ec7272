/* SPDX-License-Identifier: MIT
 *
 * A random graph of a million blocks, marked by another method: breadth first for what roots lead
 * to, strongly connected components (Tarjan, SIAM Journal on Computing 1(2), 1972) for what is
 * lost.
 */
#include <stdlib.h>

#include "fake_heap.h"
#include "leak/mark.h"
#include "unit.h"

SUITE("mark_graph", fake_faults_on, fake_faults_off);

#define D MMT_LEAK_DEFINITE
#define I MMT_LEAK_INDIRECT
#define P MMT_LEAK_POSSIBLE
#define R MMT_LEAK_REACHABLE

static struct mark mark;

#define NODES   1000000u
#define EDGES   2
#define NO_NODE UINT32_MAX

enum edge_kind { EDGE_START, EDGE_INSIDE, EDGE_PAST };

static struct graph {
    uint32_t to[NODES][EDGES];
    uint8_t how[NODES][EDGES];
    uint8_t root[NODES]; /* 1 + enum edge_kind; 0: none */
    uint8_t kind[NODES]; /* R, P, or D for all that is lost */
    uint32_t queue[NODES];
    uint32_t index[NODES], low[NODES], component[NODES], next_edge[NODES];
    uint8_t entered[NODES]; /* by component: another one leads to it */
    uint32_t definite[NODES];
    uint32_t components;
} * graph;

static uint64_t random_state = 88172645463325252u;

static uint32_t random_below(uint32_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)((random_state >> 16) % limit);
}

static uint8_t random_how(void)
{
    uint32_t dice = random_below(20);
    return dice < 15 ? EDGE_START : dice < 19 ? EDGE_INSIDE : EDGE_PAST;
}

static size_t offset_of(uint8_t how)
{
    return how == EDGE_START ? 0 : how == EDGE_INSIDE ? 40 : 48;
}

static void make_graph(void)
{
    for (uint32_t node = 0; node < NODES; node++)
        fake_new(48);
    for (uint32_t node = 0; node < NODES; node++) {
        uint32_t edges = (random_below(10) + 2) / 5;
        for (uint32_t edge = 0; edge < EDGES; edge++) {
            graph->to[node][edge] = edge < edges ? random_below(NODES) : NO_NODE;
            graph->how[node][edge] = random_how();
            if (edge < edges)
                fake_link(node, 2 * edge + 1, graph->to[node][edge],
                          offset_of(graph->how[node][edge]));
        }
        graph->root[node] = random_below(50) == 0 ? (uint8_t)(1 + random_how()) : 0;
    }
}

static void spread(uint32_t count, uint8_t kind)
{
    while (count) {
        uint32_t node = graph->queue[--count];
        for (uint32_t edge = 0; edge < EDGES; edge++) {
            uint32_t to = graph->to[node][edge];
            uint8_t how = graph->how[node][edge];
            if (to == NO_NODE || how == EDGE_PAST || (how == EDGE_INSIDE && kind == R) ||
                graph->kind[to] != D)
                continue;
            graph->kind[to] = kind;
            graph->queue[count++] = to;
        }
    }
}

static void naive_reachable(void)
{
    uint32_t count = 0;
    for (uint32_t node = 0; node < NODES; node++) {
        graph->kind[node] = graph->root[node] == 1 + EDGE_START ? R : D;
        if (graph->kind[node] == R)
            graph->queue[count++] = node;
    }
    spread(count, R);
    count = 0;
    static uint8_t possible[NODES];
    for (uint32_t node = 0; node < NODES; node++) {
        possible[node] |= graph->root[node] == 1 + EDGE_INSIDE;
        for (uint32_t edge = 0; graph->kind[node] == R && edge < EDGES; edge++)
            if (graph->to[node][edge] != NO_NODE && graph->how[node][edge] == EDGE_INSIDE)
                possible[graph->to[node][edge]] = 1;
    }
    for (uint32_t node = 0; node < NODES; node++)
        if (possible[node] && graph->kind[node] == D) {
            graph->kind[node] = P;
            graph->queue[count++] = node;
        }
    spread(count, P);
}

static bool lost_edge(uint32_t node, uint32_t edge)
{
    uint32_t to = graph->to[node][edge];
    return to != NO_NODE && graph->how[node][edge] != EDGE_PAST && graph->kind[to] == D;
}

/* Tarjan's algorithm from one node. `queue` is his stack; the path is kept in a second one. */
static void components_from(uint32_t first, uint32_t *path, uint32_t *clock, uint32_t *stacked)
{
    uint32_t depth = 0;
    path[depth++] = first;
    while (depth) {
        uint32_t node = path[depth - 1];
        if (!graph->index[node]) {
            graph->index[node] = graph->low[node] = ++*clock;
            graph->queue[(*stacked)++] = node;
        }
        bool deeper = false;
        while (graph->next_edge[node] < EDGES && !deeper) {
            uint32_t edge = graph->next_edge[node], to = graph->to[node][edge];
            if (lost_edge(node, edge)) {
                deeper = !graph->index[to];
                if (deeper)
                    path[depth++] = to;
                else if (graph->component[to] == NO_NODE && graph->low[to] < graph->low[node])
                    graph->low[node] = graph->low[to];
            }
            graph->next_edge[node] += !deeper;
        }
        if (deeper)
            continue;
        depth--;
        if (graph->low[node] != graph->index[node])
            continue;
        uint32_t member;
        do {
            member = graph->queue[--*stacked];
            graph->component[member] = graph->components;
        } while (member != node);
        graph->components++;
    }
}

static void naive_components(void)
{
    uint32_t clock = 0, stacked = 0;
    uint32_t *path = malloc(NODES * sizeof(*path));
    memset(graph->component, 0xff, sizeof(graph->component));
    for (uint32_t node = 0; node < NODES; node++)
        if (graph->kind[node] == D && !graph->index[node])
            components_from(node, path, &clock, &stacked);
    free(path);
    for (uint32_t node = 0; node < NODES; node++)
        for (uint32_t edge = 0; graph->kind[node] == D && edge < EDGES; edge++)
            if (lost_edge(node, edge) &&
                graph->component[graph->to[node][edge]] != graph->component[node])
                graph->entered[graph->component[graph->to[node][edge]]] = 1;
}

static void compare_graph(void)
{
    size_t wrong = 0, indirect = 0, held = 0, seen[MMT_LEAK_KINDS] = {0};
    for (uint32_t node = 0; node < NODES; node++) {
        unsigned found = mark_kind(&fake.blocks[node]);
        seen[found]++;
        wrong += (found == I ? D : found) != graph->kind[node];
        if (found == D && graph->kind[node] == D)
            graph->definite[graph->component[node]]++;
        indirect += found == I;
        uint64_t blocks, bytes;
        mark_indirect(&mark, &fake.blocks[node], &blocks, &bytes);
        wrong += bytes != blocks * 48;
        held += blocks;
    }
    for (uint32_t i = 0; i < graph->components; i++)
        wrong += graph->definite[i] != !graph->entered[i];
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_EQUAL(held, indirect);
    for (unsigned i = 0; i < MMT_LEAK_KINDS; i++)
        CU_ASSERT(seen[i] > NODES / 1000); /* the graph is worth its name */
}

TEST(test_random_graph, "random graph of a million")
{
    fake_setup(64, NODES);
    graph = calloc(1, sizeof(*graph));
    CU_ASSERT_PTR_NOT_NULL_FATAL(graph);
    make_graph();
    CU_ASSERT_EQUAL_FATAL(mark_reserve(&mark, &fake_heap), 0);
    mark_begin(&mark, NULL, NULL, false);
    for (uint32_t node = 0; node < NODES; node++)
        if (graph->root[node])
            mark_root(&mark, fake_at(node) + offset_of((uint8_t)(graph->root[node] - 1)), false);
    CU_ASSERT_PTR_NULL(mark_finish(&mark));
    naive_reachable();
    naive_components();
    compare_graph();
    mark_end(&mark);
    CU_ASSERT(fake_marks_clean());
    free(graph);
}
