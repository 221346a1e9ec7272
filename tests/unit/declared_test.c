/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "leak/declared.h"
#include "unit.h"

SUITE("declared", NULL, NULL);

#define PIECES 4000
#define BASE   ((uintptr_t)0x10000000)
#define STEP   48

static bool there[PIECES];

static bool count_piece(struct block *block, void *argument)
{
    uintptr_t *before = argument;
    CU_ASSERT(block->start > *before);
    *before = block->start;
    size_t index = (block->start - BASE) / STEP;
    CU_ASSERT(there[index]);
    there[index] = false;
    return true;
}

static int add(size_t index)
{
    struct block piece = {.start = BASE + index * STEP, .size = STEP - 8, .alloc_thread = 1};
    return declared_add_piece(&piece);
}

/* Against a table of what must be there. */
TEST(test_pieces, "pieces")
{
    uint64_t state = 1;
    unsigned wrong = 0;
    for (int i = 0; i < 200000; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        size_t index = (state >> 33) % PIECES;
        if (state >> 63) {
            wrong += add(index) != 0;
            there[index] = true;
        } else {
            wrong += declared_remove_piece(BASE + index * STEP) != (there[index] ? 0 : -ENOENT);
            there[index] = false;
        }
    }
    size_t ranged = 0;
    for (size_t i = 1000; i < 1500; i++) {
        ranged += there[i];
        there[i] = false;
    }
    CU_ASSERT_EQUAL(declared_remove_pieces(BASE + 1000 * STEP, BASE + 1500 * STEP), ranged);
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_FALSE(declared_any());
    CU_ASSERT_TRUE_FATAL(declared_arrange());
    for (size_t i = 0; i < PIECES; i++) {
        struct block *piece = declared_find(BASE + i * STEP + STEP - 9);
        wrong += (piece != NULL) != there[i];
        wrong += declared_find(BASE + i * STEP + STEP - 8) != NULL;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    uintptr_t before = 0;
    declared_each(count_piece, &before);
    for (size_t i = 0; i < PIECES; i++)
        wrong += there[i];
    CU_ASSERT_EQUAL(wrong, 0);
    declared_arrange_end();
    declared_remove_pieces(0, UINTPTR_MAX);
    CU_ASSERT_PTR_NULL(declared_next(0));
}

static void sum_roots(uintptr_t start, uintptr_t end, void *argument)
{
    *(uintptr_t *)argument += end - start;
}

TEST(test_roots, "roots")
{
    uintptr_t sum = 0;
    CU_ASSERT_EQUAL(declared_add_root(BASE, 0), -EINVAL);
    CU_ASSERT_EQUAL(declared_add_root(UINTPTR_MAX - 10, 20), -EINVAL);
    CU_ASSERT_EQUAL(declared_add_root(BASE, 100), 0);
    CU_ASSERT_EQUAL(declared_add_root(BASE, 100), 0);
    CU_ASSERT_EQUAL(declared_add_root(BASE, 50), 0);
    CU_ASSERT_EQUAL(declared_remove_root(BASE, 60), -ENOENT);
    CU_ASSERT_EQUAL(declared_remove_root(BASE, 100), 0);
    declared_each_root(sum_roots, &sum);
    CU_ASSERT_EQUAL(sum, 150);
    CU_ASSERT_EQUAL(declared_remove_root(BASE, 100), 0);
    CU_ASSERT_EQUAL(declared_remove_root(BASE, 50), 0);
    int result = 0;
    size_t added = 0;
    for (; !result; added += !result)
        result = declared_add_root(BASE + added, 1);
    CU_ASSERT_EQUAL(result, -ENOMEM);
    CU_ASSERT_EQUAL(added, 4096);
    while (added-- > 0)
        CU_ASSERT_EQUAL(declared_remove_root(BASE + added, 1), 0);
}
