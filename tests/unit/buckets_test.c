/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "leak/buckets.h"
#include "unit.h"

SUITE("buckets", NULL, NULL);

#define BLOCKS 5000

static struct block blocks[BLOCKS];
static unsigned taken[BLOCKS];

/* Everything that is put in comes out once, whatever the order of putting and taking, over an
 * extent of terabytes. */
TEST(test_random, "what is put in comes out once")
{
    const uintptr_t low = (uintptr_t)1 << 44, extent = (uintptr_t)1 << 46;
    struct buckets buckets;
    uint64_t state = 12345;
    size_t in = 0, inside = 0;
    memset(blocks, 0, sizeof(blocks));
    memset(taken, 0, sizeof(taken));
    buckets_make(&buckets, low, low + extent);
    CU_ASSERT_PTR_NOT_NULL_FATAL(buckets.heads);
    CU_ASSERT_PTR_NULL(buckets_take(&buckets));
    while (in < BLOCKS || inside) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        if (in < BLOCKS && (!inside || state >> 62)) {
            uintptr_t spread = state >> 61 & 1 ? extent - 1 : ((uintptr_t)1 << 24) - 1;
            blocks[in].start = low + ((state >> 8) & spread);
            buckets_put(&buckets, &blocks[in++]);
            inside++;
        } else {
            struct block *block = buckets_take(&buckets);
            CU_ASSERT_PTR_NOT_NULL_FATAL(block);
            CU_ASSERT_EQUAL(block->leak_leader, 0);
            taken[block - blocks]++;
            inside--;
        }
    }
    CU_ASSERT_PTR_NULL(buckets_take(&buckets));
    for (size_t i = 0; i < BLOCKS; i++)
        CU_ASSERT_EQUAL(taken[i], 1);
    buckets_free(&buckets);
}

/* Neighbours come out together. */
TEST(test_order, "neighbours come out together")
{
    struct buckets buckets;
    memset(blocks, 0, sizeof(blocks));
    buckets_make(&buckets, 0, (uintptr_t)1 << 30);
    for (size_t i = 0; i < 1000; i++) {
        blocks[i].start = (i * 7919 % 1000) << 20;
        buckets_put(&buckets, &blocks[i]);
    }
    uintptr_t before = 0;
    for (size_t i = 0; i < 1000; i++) {
        struct block *block = buckets_take(&buckets);
        CU_ASSERT_PTR_NOT_NULL_FATAL(block);
        CU_ASSERT(block->start >> 21 >= before >> 21);
        before = block->start;
    }
    buckets_free(&buckets);
}
