/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <string.h>

#include "base/bits.h"
#include "base/own_memory.h"
#include "unit.h"

SUITE("base/own_memory", NULL, NULL);

struct search {
    uintptr_t address;
    int found;
};

static void look_for(uintptr_t start, uintptr_t end, void *argument)
{
    struct search *search = argument;
    search->found += search->address >= start && search->address < end;
}

static int times_listed(const void *address)
{
    struct search search = {(uintptr_t)address, 0};
    own_each(look_for, &search);
    return search.found;
}

TEST(mappings, "mappings are zero, listed and given back")
{
    char *a = own_map(1), *b = own_map(3 * PAGE_SIZE + 1);
    CU_ASSERT_FATAL(a && b);
    CU_ASSERT((uintptr_t)a % PAGE_SIZE == 0 && (uintptr_t)b % PAGE_SIZE == 0);
    CU_ASSERT(a[PAGE_SIZE - 1] == 0 && b[4 * PAGE_SIZE - 1] == 0);
    CU_ASSERT(own_contains((uintptr_t)b) && own_contains((uintptr_t)b + 4 * PAGE_SIZE - 1));
    CU_ASSERT_EQUAL(times_listed(a), 1);
    uint64_t before = own_resident();
    memset(b, 1, 4 * PAGE_SIZE);
    CU_ASSERT(own_resident() >= before + 3 * PAGE_SIZE);
    own_unmap(b, 3 * PAGE_SIZE + 1);
    CU_ASSERT_FALSE(own_contains((uintptr_t)b));
    CU_ASSERT_EQUAL(times_listed(b), 0);
    CU_ASSERT_TRUE(own_contains((uintptr_t)a));
    own_unmap(a, 1);
    int local;
    CU_ASSERT_FALSE(own_contains((uintptr_t)&local));
}

TEST(pieces, "small pieces")
{
    char *last = NULL;
    int wrong = 0;
    for (size_t size = 1; size < 3000; size += 7) {
        char *piece = own_alloc(size);
        CU_ASSERT_PTR_NOT_NULL_FATAL(piece);
        wrong += (uintptr_t)piece % 16 != 0 || !own_contains((uintptr_t)piece);
        for (size_t i = 0; i < size; i++)
            wrong += piece[i] != 0;
        memset(piece, 0xee, size);
        wrong += last && *last != (char)0xee;
        last = piece;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    char *large = own_alloc((size_t)5 << 20);
    CU_ASSERT_PTR_NOT_NULL_FATAL(large);
    CU_ASSERT(own_contains((uintptr_t)large + (5 << 20) - 1));
}

TEST(parts, "parts of a mapping")
{
    char *whole = own_map(10 * PAGE_SIZE);
    CU_ASSERT_PTR_NOT_NULL_FATAL(whole);
    whole[0] = whole[9 * PAGE_SIZE] = 1;
    own_unmap_part(whole + 2 * PAGE_SIZE, 5 * PAGE_SIZE);
    CU_ASSERT(times_listed(whole + 2 * PAGE_SIZE - 1) == 1 && whole[0] == 1);
    CU_ASSERT(times_listed(whole + 2 * PAGE_SIZE) == 0 &&
              times_listed(whole + 7 * PAGE_SIZE - 1) == 0);
    CU_ASSERT(times_listed(whole + 7 * PAGE_SIZE) == 1 && whole[9 * PAGE_SIZE] == 1);
    own_unmap(whole, 2 * PAGE_SIZE);
    own_unmap(whole + 7 * PAGE_SIZE, 3 * PAGE_SIZE);
    CU_ASSERT_EQUAL(times_listed(whole) + times_listed(whole + 7 * PAGE_SIZE), 0);
}

/* Many mappings that come and go use the register's entries again. */
TEST(entries_are_reused, "entries are used again")
{
    int refused = 0;
    for (int i = 0; i < 10000; i++) {
        void *memory = own_map(PAGE_SIZE);
        refused += !memory;
        if (memory)
            own_unmap(memory, PAGE_SIZE);
    }
    CU_ASSERT_EQUAL(refused, 0);
}

TEST(no_memory, "no memory")
{
    CU_ASSERT_PTR_NULL(own_map((size_t)1 << 50));
    CU_ASSERT_PTR_NULL(own_alloc((size_t)1 << 50));
    CU_ASSERT_PTR_NOT_NULL(own_alloc(16));
}
