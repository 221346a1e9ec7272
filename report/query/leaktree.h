/* SPDX-License-Identifier: MIT
 *
 * Leaks by call path: a prefix tree of functions, from the outermost caller to the function that allocated (or the other
 * way round). A node sums up the leaks of every stack that passes through it; the sums of its children and its own part are
 * its sums. The likely origin is the deepest node that still has most of all bytes.
 */
#ifndef LEAKTREE_H
#define LEAKTREE_H

#include "model/profile.h"
#include "util/idmap.h"
#include "util/vec.h"

/* Share of all bytes, in percent, that the likely origin must have. */
#define LEAKTREE_ORIGIN_PERCENT 80

#define LEAKTREE_COUNTED ((1u << MMT_LEAK_DEFINITE) | (1u << MMT_LEAK_INDIRECT))

struct leaktree_node {
    uint32_t parent;                    /* the root (node 0) has itself */
    uint32_t first_child, next_sibling; /* 0: none; by bytes, largest first, then by name */
    uint32_t children;
    const char *function; /* NULL: not known, the node is an address */
    uint32_t module;
    uint64_t address; /* in the module, if the function is not known */
    bool cut;         /* stands for callers that were cut off by the depth limit */
    const char *file; /* of the largest leak's call in this function; NULL if not known */
    uint32_t line;
    bool several_lines; /* other calls in this function are at other lines */
    uint64_t bytes, blocks;
    uint64_t self_bytes, self_blocks; /* of stacks that end here */
};

struct leaktree {
    VEC(struct leaktree_node) nodes; /* element 0 is the root and has the sums of all */
    struct idmap index;
};

struct leaktree_options {
    unsigned kinds;  /* bit 1 << enum mmt_leak_kind: counted */
    bool invert;     /* from the allocating function outwards */
    bool all_frames; /* allocator and start-up frames as well */
};

/* Builds the tree of a profile, whose frames should have their names by now. */
void leaktree_build(struct leaktree *tree, const struct profile *profile,
                    const struct leaktree_options *options);

void leaktree_free(struct leaktree *tree);

/* The deepest node that has at least LEAKTREE_ORIGIN_PERCENT of all bytes, going from the root by the largest child; 0 if there is
 * none but the root. For a tree that is not inverted. */
uint32_t leaktree_origin(const struct leaktree *tree);

/* part / whole, 0 of nothing. */
double leaktree_share(uint64_t part, uint64_t whole);

#endif
