/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include <string.h>
#include <sys/mman.h>

#include "base/bits.h"
#include "base/options.h"
#include "base/thread.h"
#include "fake_heap.h"
#include "leak/mark.h"
#include "stack/depot.h"
#include "unit.h"

SUITE("mark", fake_faults_on, fake_faults_off);

#define D MMT_LEAK_DEFINITE
#define I MMT_LEAK_INDIRECT
#define P MMT_LEAK_POSSIBLE
#define R MMT_LEAK_REACHABLE

static struct mark mark;

static void setup(size_t blocks)
{
    fake_setup(4096, 64);
    for (size_t i = 0; i < blocks; i++)
        fake_new(128);
}

static void begin(const struct regions *regions)
{
    CU_ASSERT_EQUAL_FATAL(mark_reserve(&mark, &fake_heap), 0);
    mark_begin(&mark, regions, NULL, false);
}

static void root(size_t block, size_t into)
{
    mark_root(&mark, fake_at(block) + into, false);
}

static void finish(void)
{
    CU_ASSERT_PTR_NULL(mark_finish(&mark));
}

static void end(void)
{
    mark_end(&mark);
    CU_ASSERT(fake_marks_clean());
}

static unsigned kind(size_t block)
{
    return mark_kind(&fake.blocks[block]);
}

static void expect(size_t block, unsigned wanted)
{
    CU_ASSERT_EQUAL(kind(block), wanted);
    if (kind(block) != wanted)
        fprintf(stderr, "block %zu is of kind %u, not %u\n", block, kind(block), wanted);
}

static uint64_t indirect_blocks(size_t block)
{
    uint64_t blocks, bytes;
    mark_indirect(&mark, &fake.blocks[block], &blocks, &bytes);
    CU_ASSERT_EQUAL(bytes, blocks * 128);
    return blocks;
}

/* The table in the Valgrind manual: root, block A, block B. */
TEST(test_manual_cases, "the cases of the manual")
{
    setup(18);
    begin(NULL);
    root(0, 0); /* 1: root -> B */
    root(1, 0); /* 2: root -> A -> B */
    fake_link(1, 0, 2, 0);
    /* 3: nothing leads to block 3 */
    fake_link(4, 0, 5, 0); /* 4: A -> B */
    fake.blocks[4].alloc_stack = 77;
    root(6, 32); /* 5: root -?-> B */
    root(7, 0); /* 6: root -> A -?-> B */
    fake_link(7, 0, 8, 32);
    root(9, 32); /* 7: root -?-> A -> B */
    fake_link(9, 0, 10, 0);
    root(11, 32); /* 8: root -?-> A -?-> B */
    fake_link(11, 0, 12, 32);
    fake_link(13, 0, 14, 32); /* 9: A -?-> B */
    root(15, 128); /* one past the end is no pointer to it */
    root(16, 127);
    root(16, 0);
    root(17, 0);
    root(17, 127);
    finish();
    static const unsigned wanted[] = {R, R, R, D, D, I, P, R, P, P, P, P, P, D, I, D, R, R};
    for (size_t i = 0; i < ARRAY_LENGTH(wanted); i++)
        expect(i, wanted[i]);
    CU_ASSERT_EQUAL(indirect_blocks(3), 0);
    CU_ASSERT_EQUAL(indirect_blocks(4), 1);
    CU_ASSERT_EQUAL(indirect_blocks(5), 0);
    CU_ASSERT_EQUAL(mark_holder(&mark, &fake.blocks[5]), 77);
    CU_ASSERT_EQUAL(mark_holder(&mark, &fake.blocks[4]), 0);
    CU_ASSERT_EQUAL(mark_holder(&mark, &fake.blocks[0]), 0);
    end();
}

TEST(test_start_pointer_wins_late, "a start pointer found late")
{
    setup(5);
    fake_link(0, 0, 4, 0);
    fake_link(1, 3, 2, 0);
    fake_link(2, 3, 3, 0);
    fake_link(3, 3, 0, 0); /* a chain of start pointers leads to what was touched first */
    for (int check = 0; check < 2; check++) { /* a second check finds the same */
        begin(NULL);
        root(0, 32);
        root(1, 0);
        finish();
        for (size_t i = 0; i < 5; i++)
            expect(i, R);
        end();
    }
}

TEST(test_exact_root, "an exact root")
{
    setup(1);
    begin(NULL);
    mark_root(&mark, fake_at(0) + 40, true);
    finish();
    expect(0, R);
    end();
}

TEST(test_cycles, "cycles")
{
    setup(14);
    begin(NULL);
    fake_link(0, 0, 0, 0); /* itself */
    fake_link(1, 0, 2, 0); /* a cycle of three */
    fake_link(2, 0, 3, 8);
    fake_link(3, 0, 1, 0);
    /* a cycle, entered by a block behind it */
    fake_link(4, 0, 5, 0);
    fake_link(5, 0, 4, 0);
    fake_link(6, 0, 5, 0);
    /* two cycles joined: the one of 10 and 11 leads to the one of 7, 8 and 9, not at the block seen
     * first */
    fake_link(7, 0, 8, 0);
    fake_link(8, 0, 9, 0);
    fake_link(9, 0, 7, 0);
    fake_link(10, 0, 11, 0);
    fake_link(11, 0, 10, 0);
    fake_link(11, 1, 9, 0);
    /* a block that two lost ones lead to */
    fake_link(12, 0, 5, 0);
    finish();
    expect(0, D);
    CU_ASSERT_EQUAL((kind(1) == D) + (kind(2) == D) + (kind(3) == D), 1);
    CU_ASSERT_EQUAL((kind(1) == I) + (kind(2) == I) + (kind(3) == I), 2);
    CU_ASSERT_EQUAL(indirect_blocks(1) + indirect_blocks(2) + indirect_blocks(3), 2);
    expect(4, I);
    expect(5, I);
    expect(6, D);
    expect(12, D);
    CU_ASSERT_EQUAL(indirect_blocks(6) + indirect_blocks(12), 2);
    for (size_t i = 7; i <= 9; i++)
        expect(i, I);
    CU_ASSERT_EQUAL((kind(10) == D) + (kind(11) == D), 1);
    CU_ASSERT_EQUAL(indirect_blocks(10) + indirect_blocks(11), 4);
    expect(13, D);
    end();
}

/* Of a cycle the block with the fewest callers is the leak, wherever it lies; of blocks with the
 * same stack, one of a certain size. */
TEST(test_cycles_in_order, "the leak of a cycle")
{
    struct depot_frame frames[] = {{0x12345, 0}, {0x23456, 0}, {0x34567, 0}};
    uint32_t deep = depot_put(frames, 3), outer = depot_put(frames + 1, 2);
    unsigned sizes = 0;
    for (unsigned turn = 0; turn < 2; turn++) {
        setup(4);
        fake.blocks[turn].alloc_stack = deep;
        fake.blocks[!turn].alloc_stack = outer;
        fake.blocks[2].alloc_stack = fake.blocks[3].alloc_stack = deep;
        fake.blocks[2 + turn].size = 64;
        begin(NULL);
        fake_link(0, 0, 1, 0);
        fake_link(1, 0, 0, 0);
        fake_link(2, 0, 3, 0);
        fake_link(3, 0, 2, 0);
        finish();
        expect(turn, I);
        expect(!turn, D);
        sizes += kind(2 + turn) == D;
        end();
    }
    CU_ASSERT(sizes == 0 || sizes == 2);
}

TEST(test_lost_beside_reachable, "lost beside reachable")
{
    setup(5);
    begin(NULL);
    root(0, 0);
    fake_link(1, 0, 0, 0); /* lost, leads to what is reachable */
    root(2, 8);
    fake_link(1, 1, 2, 0); /* and to what is possible */
    fake_link(1, 2, 3, 0);
    fake_link(4, 15, 3, 0);
    finish();
    expect(0, R);
    expect(1, D);
    expect(2, P);
    expect(3, I);
    expect(4, D);
    CU_ASSERT_EQUAL(indirect_blocks(1) + indirect_blocks(4), 1);
    end();
}

TEST(test_odd_blocks, "odd blocks")
{
    setup(1);
    size_t empty = fake_new(0), lost_empty = fake_new(0), odd = fake_new(13), freed = fake_new(64),
           tail = fake_new(16);
    size_t unaligned = fake_new(32);
    fake_link(0, 0, empty, 0);
    fake_link(0, 1, odd, 12);
    fake_link(0, 2, freed, 0);
    fake_link(odd, 0, tail, 0);
    fake_link(odd, 1, lost_empty, 0); /* only five bytes of it belong to the block */
    memcpy((char *)fake_at(0) + 33, &(uintptr_t){fake_at(unaligned)}, sizeof(uintptr_t));
    fake_link(freed, 0, lost_empty, 0);
    atomic_store(&fake.blocks[freed].state, BLOCK_FREED);
    begin(NULL);
    root(0, 0);
    finish();
    expect(empty, R);
    expect(odd, P);
    expect(tail, P);
    expect(lost_empty, D);
    expect(unaligned, D); /* a pointer in pieces is not seen, as everywhere */
    CU_ASSERT_EQUAL(fake.blocks[freed].leak_mark, 0);
    end();
}

TEST(test_no_blocks, "no blocks")
{
    setup(0);
    begin(NULL);
    mark_root(&mark, 0, false);
    mark_root(&mark, UINTPTR_MAX, true);
    finish();
    end();
}

static void put(size_t block, size_t word, uintptr_t value)
{
    ((uintptr_t *)fake_at(block))[word] = value;
}

TEST(test_headers, "headers")
{
    setup(8);
    size_t string = fake_new(24 + 100 + 1), wide = fake_new(24 + 4 * 21),
           aligned = fake_new(64 + 5 * 64);
    put(0, 0, 120); /* length64 */
    put(1, 0, 119);
    put(2, 0, 15); /* new[]: 15 elements of 8 bytes */
    put(3, 0, 15);
    put(4, 0, 7); /* 7 does not divide 120 */
    put(5, 0, 0);
    put(string, 0, 5);
    put(string, 1, 100);
    put(wide, 0, 20);
    put(wide, 1, 20);
    put(6, 0, 200); /* longer than its capacity */
    put(6, 1, 103);
    put(7, 0, 5);
    put(7, 1, 99); /* not what was allocated */
    put(aligned, 7, 5);
    fake.blocks[aligned].alloc_function = MMT_FUNCTION_NEW_ARRAY_ALIGNED;
    begin(NULL);
    root(0, 8);
    root(1, 8);
    root(2, 8);
    root(3, 16);
    root(4, 8);
    root(5, 8);
    root(string, 24);
    root(wide, 24);
    root(6, 24);
    root(7, 24);
    root(aligned, 64);
    finish();
    static const unsigned wanted[] = {R, P, R, P, P, P, P, P, R, R, R};
    for (size_t i = 0; i < ARRAY_LENGTH(wanted); i++)
        expect(i, wanted[i]);
    end();
}

static void function_of_table(void)
{
}

static const struct {
    void (*entry[4])(void);
} plain_table = {{function_of_table, function_of_table, NULL, NULL}},
  abstract_table = {{NULL, NULL, function_of_table, NULL}},
  empty_table = {{NULL, NULL, NULL, NULL}};

TEST(test_second_base, "second base")
{
    setup(6);
    struct regions regions;
    CU_ASSERT_PTR_NULL_FATAL(regions_read(&regions));
    for (size_t i = 0; i < 6; i++)
        put(i, 0, (uintptr_t)&plain_table);
    put(0, 4, (uintptr_t)&plain_table);
    put(1, 4, (uintptr_t)&abstract_table);
    put(2, 4, (uintptr_t)&empty_table);
    put(3, 4, fake_at(3));
    put(4, 4, (uintptr_t)&plain_table + 4);
    put(5, 4, (uintptr_t)&plain_table);
    put(5, 0, 1);
    begin(&regions);
    for (size_t i = 0; i < 6; i++)
        root(i, 32);
    finish();
    static const unsigned wanted[] = {R, R, P, P, P, P};
    for (size_t i = 0; i < ARRAY_LENGTH(wanted); i++)
        expect(i, wanted[i]);
    end();
    regions_free(&regions);
}

TEST(test_inherited, "inherited blocks")
{
    setup(4);
    struct block inherited = {.alloc_thread = thread_first_own() - 1},
                 own = {.alloc_thread = thread_first_own()};
    CU_ASSERT_FALSE(mark_inherited(&own));
    CU_ASSERT_EQUAL(mark_inherited(&inherited), inherited.alloc_thread != 0);
    CU_ASSERT_FALSE(mark_inherited(&(struct block){.alloc_thread = 0}));
}

/* A block with an inaccessible page in the middle, and a root range likewise. */
TEST(test_unreadable, "unreadable pages")
{
    fake_setup(16 * PAGE_SIZE, 8);
    size_t big = fake_new(8 * PAGE_SIZE), before = fake_new(16), hidden = fake_new(16),
           after = fake_new(16);
    fake_link(big, 0, before, 0);
    fake_link(big, 2 * PAGE_SIZE / 8, hidden, 0);
    fake_link(big, 5 * PAGE_SIZE / 8, after, 0);
    uintptr_t page = align_up(fake_at(big) + PAGE_SIZE + 100, PAGE_SIZE);
    CU_ASSERT_EQUAL(mprotect((void *)page, PAGE_SIZE, PROT_NONE), 0);
    begin(NULL);
    root(big, 0);
    mark_range(&mark, page, page + PAGE_SIZE);
    finish();
    expect(big, R);
    expect(before, R);
    expect(hidden, D);
    expect(after, R);
    end();
}

/* Memory that was never touched is not touched by a check either. */
TEST(test_untouched, "untouched pages")
{
    fake_setup(1024 * PAGE_SIZE, 2);
    size_t large = fake_new(1000 * PAGE_SIZE), last = fake_new(16);
    fake_link(large, 900 * PAGE_SIZE / 8, last, 0);
    struct present present;
    present_open(&present);
    CU_ASSERT_EQUAL_FATAL(mark_reserve(&mark, &fake_heap), 0);
    mark_begin(&mark, NULL, &present, false);
    root(large, 0);
    finish();
    expect(last, R);
    end();
    present_close(&present);
    static unsigned char resident[1024];
    CU_ASSERT_EQUAL(mincore(fake.arena, 1024 * PAGE_SIZE, resident), 0);
    size_t pages = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(resident); i++)
        pages += resident[i] & 1;
    CU_ASSERT(pages <= 2);
}

/* With a thread that still runs, new blocks and what they hold count as reachable. */
TEST(test_careful, "new blocks of a running thread")
{
    setup(2);
    CU_ASSERT_EQUAL_FATAL(mark_reserve(&mark, &fake_heap), 0);
    mark_begin(&mark, NULL, NULL, true);
    size_t fresh = fake_new(128);
    fake_link(fresh, 0, 0, 0);
    finish();
    expect(fresh, R);
    expect(0, R);
    expect(1, D);
    end();
}

/* What is there is read although no instruction may, a word over the end of a copy too; where it
 * cannot be read, nothing is said to be lost for sure. */
TEST(test_hidden, "inaccessible pages")
{
    const size_t size = 40 * PAGE_SIZE;
    char *hidden = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CU_ASSERT_PTR_NOT_EQUAL_FATAL(hidden, MAP_FAILED);
    setup(40);
    for (size_t i = 0; i < 36; i++) {
        uintptr_t address = fake_at(i);
        memcpy(hidden + (i + 1) * PAGE_SIZE - 3, &address, sizeof(address));
    }
    mprotect(hidden, size, PROT_NONE);
    for (int readable = 1; readable >= 0; readable--) {
        begin(NULL);
        mark.pointers = LEAK_POINTERS_UNALIGNED;
        mark.hidden.tried = !readable;
        mark_hidden(&mark, (uintptr_t)hidden, (uintptr_t)hidden + size);
        finish();
        expect(0, readable ? R : P);
        for (size_t i = 0; i < 40; i++)
            expect(i, !readable ? P : i < 36 ? R : D);
        end();
    }
    munmap(hidden, size);
}
