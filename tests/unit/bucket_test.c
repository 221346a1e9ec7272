/* SPDX-License-Identifier: MIT */

#include "heap/arena.h"
#include "heap/bucket.h"
#include "unit.h"

SUITE("heap/bucket", NULL, NULL);

TEST(smallest_with_room, "the smallest bucket with room")
{
    int wrong = 0;
    for (size_t pages = 1; pages <= BUCKET_MOST; pages++) {
        unsigned bucket = bucket_of(pages);
        wrong += bucket >= BUCKETS || bucket_pages(bucket) < pages;
        wrong += bucket > 0 && bucket_pages(bucket - 1) >= pages;
        wrong += pages <= BUCKET_EXACT && bucket_pages(bucket) != pages;
        /* A quarter of what is used at most is lost by rounding. */
        wrong += (bucket_pages(bucket) - pages) * 4 >= pages;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_EQUAL(bucket_of(BUCKET_MOST), BUCKETS - 1);
    CU_ASSERT_EQUAL(bucket_pages(BUCKETS - 1), BUCKET_MOST);
}

TEST(strictly_rising, "buckets rise")
{
    for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
        CU_ASSERT_EQUAL(bucket_of(bucket_pages(bucket)), bucket);
        CU_ASSERT(bucket == 0 || bucket_pages(bucket) > bucket_pages(bucket - 1));
    }
}

/* A slot has a guard page before its block's pages; the class is the smallest for which that holds.
 */
TEST(slots_have_a_guard, "each slot has a guard page")
{
    int wrong = 0;
    for (size_t pages = 1; pages <= BUCKET_MOST; pages++) {
        size_t rounded = bucket_pages(bucket_of(pages));
        unsigned class = bucket_class(rounded);
        wrong += class >= SLOT_CLASSES || (size_t)2 << class <= rounded;
        wrong += class > 0 && (size_t)2 << (class - 1) > rounded;
    }
    CU_ASSERT_EQUAL(wrong, 0);
}
