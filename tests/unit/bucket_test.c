/* SPDX-License-Identifier: MIT */
#include <CUnit/CUnit.h>

#include "heap/arena.h"
#include "heap/bucket.h"

static void smallest_with_room(void)
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

static void strictly_rising(void)
{
    for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
        CU_ASSERT_EQUAL(bucket_of(bucket_pages(bucket)), bucket);
        CU_ASSERT(bucket == 0 || bucket_pages(bucket) > bucket_pages(bucket - 1));
    }
}

/* A slot has a guard page before its block's pages; the class is the smallest for which that holds.
 */
static void slots_have_a_guard(void)
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

void bucket_suite(void);
void bucket_suite(void)
{
    CU_pSuite suite = CU_add_suite("heap/bucket", NULL, NULL);
    CU_add_test(suite, "the smallest bucket with room", smallest_with_room);
    CU_add_test(suite, "buckets rise", strictly_rising);
    CU_add_test(suite, "each slot has a guard page", slots_have_a_guard);
}
