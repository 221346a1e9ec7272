/* SPDX-License-Identifier: MIT
 *
 * Slack and poison, byte by byte.
 */
#include <string.h>
#include <sys/mman.h>

#include "fake_heap.h"
#include "heap/poison.h"
#include "heap/slack.h"
#include "unit.h"

#define PAGES 3

static char *pages; /* PAGES accessible ones, an inaccessible one on both sides */

static int setup(void)
{
    char *all = mmap(NULL, (PAGES + 2) * PAGE_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED || fake_faults_on())
        return 1;
    pages = all + PAGE_SIZE;
    return mprotect(pages, PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE);
}

static int teardown(void)
{
    munmap(pages - PAGE_SIZE, (PAGES + 2) * PAGE_SIZE);
    return fake_faults_off();
}

SUITE("heap/slack, heap/poison", setup, teardown);

static uintptr_t damage(const struct block *block)
{
    return slack_damage(block, (uintptr_t)pages, (uintptr_t)pages + PAGE_SIZE, 0);
}

/* Overwrites each byte of the page in turn. Returns how many answers were wrong. */
static int every_position(const struct block *block)
{
    int wrong = 0;
    uintptr_t end = block->start + block->size;
    uintptr_t lead = block->start - min_size(block->start - (uintptr_t)pages, SLACK_LEAD);
    memset(pages, 'p', PAGE_SIZE);
    slack_fill(block, (uintptr_t)pages, (uintptr_t)pages + PAGE_SIZE);
    for (uintptr_t at = block->start; at < end; at++)
        wrong += *(char *)at != 'p';
    wrong += damage(block) != 0;
    for (uintptr_t at = (uintptr_t)pages; at < (uintptr_t)pages + PAGE_SIZE; at++) {
        bool covered = (at >= lead && at < block->start) || at >= end;
        *(char *)at ^= 0x40;
        wrong += damage(block) != (covered ? at : 0);
        *(char *)at ^= 0x40;
    }
    return wrong;
}

TEST(every_damaged_byte, "each byte of the slack, each alignment")
{
    for (size_t alignment = 1; alignment <= 16; alignment *= 2)
        for (size_t size = 1; size <= 40; size += 3) {
            struct block block = {.size = size};
            block.start = align_down((uintptr_t)pages + PAGE_SIZE - size, alignment);
            CU_ASSERT_EQUAL(every_position(&block), 0);
            block.start = (uintptr_t)pages + alignment;
            CU_ASSERT_EQUAL(every_position(&block), 0);
        }
    struct block start = {.start = (uintptr_t)pages, .size = 20}, empty = {.size = 0};
    struct block whole = {.start = (uintptr_t)pages, .size = PAGE_SIZE};
    empty.start = (uintptr_t)pages + PAGE_SIZE - 16;
    CU_ASSERT_EQUAL(every_position(&start), 0);
    CU_ASSERT_EQUAL(every_position(&empty), 0);
    CU_ASSERT_EQUAL(every_position(&whole), 0);
}

TEST(nearest_first, "the nearest damage is named")
{
    struct block block = {.start = (uintptr_t)pages + 2000, .size = 21};
    uintptr_t end = block.start + block.size;
    slack_fill(&block, (uintptr_t)pages, (uintptr_t)pages + PAGE_SIZE);
    *(char *)(block.start - 40) = 1;
    *(char *)(block.start - 3) = 1;
    CU_ASSERT_EQUAL(damage(&block), block.start - 3);
    *(char *)(end + 700) = 1;
    *(char *)(end + 9) = 1;
    CU_ASSERT_EQUAL(damage(&block), end + 9);
}

TEST(only_so_far, "a long tail is covered as far as said")
{
    struct block block = {.start = (uintptr_t)pages, .size = 5};
    uintptr_t span_end = (uintptr_t)pages + PAGES * PAGE_SIZE;
    memset(pages, 0, PAGES * PAGE_SIZE);
    slack_fill(&block, (uintptr_t)pages, span_end);
    CU_ASSERT_EQUAL(slack_damage(&block, (uintptr_t)pages, span_end, 0), 0);
    CU_ASSERT_EQUAL(pages[5 + SLACK_TAIL], 0);
    CU_ASSERT_EQUAL((unsigned char)pages[4 + SLACK_TAIL], SLACK_PATTERN);
    pages[4 + SLACK_TAIL] = 1;
    CU_ASSERT_EQUAL(slack_damage(&block, (uintptr_t)pages, span_end, 0),
                    (uintptr_t)pages + 4 + SLACK_TAIL);
}

/* Another thread's free may revoke the pages at any moment. */
TEST(inaccessible_is_sound, "pages that are gone count as sound")
{
    struct block block = {.start = (uintptr_t)pages + PAGE_SIZE - 32, .size = 21};
    mprotect(pages, PAGE_SIZE, PROT_NONE);
    CU_ASSERT_EQUAL(damage(&block), 0);
    CU_ASSERT_EQUAL(poison_damage(&block), 0);
    mprotect(pages, PAGE_SIZE, PROT_READ | PROT_WRITE);
}

TEST(every_poisoned_byte, "each byte of the poison")
{
    int wrong = 0;
    for (size_t offset = 0; offset < 17; offset++)
        for (size_t size = 0; size < 70; size++) {
            struct block block = {.start = (uintptr_t)pages + offset, .size = size};
            memset(pages, 'p', 128);
            poison_fill(&block);
            wrong += poison_damage(&block) != 0;
            wrong += (offset && pages[offset - 1] != 'p') || pages[offset + size] != 'p';
            for (size_t i = 0; i < size; i++) {
                pages[offset + i] ^= 1;
                wrong += poison_damage(&block) != block.start + i;
                pages[offset + i] ^= 1;
            }
        }
    CU_ASSERT_EQUAL(wrong, 0);
    struct block large = {.start = (uintptr_t)pages + 100, .size = 2 * PAGE_SIZE};
    poison_fill(&large);
    pages[100 + 2 * PAGE_SIZE - 1] ^= 1;
    CU_ASSERT_EQUAL(poison_damage(&large), (uintptr_t)pages + 100 + 2 * PAGE_SIZE - 1);
}

TEST(poison_names_its_block, "poison names its block")
{
    struct block block = {.start = (uintptr_t)pages + 48, .size = 32};
    uintptr_t word;
    poison_fill(&block);
    memcpy(&word, pages + 48 + 16, sizeof(word));
    CU_ASSERT_EQUAL(poison_origin(word), block.start);
    CU_ASSERT(word >> 47 != 0 && word >> 47 != 0x1ffff); /* not canonical */
    CU_ASSERT_EQUAL(poison_origin(block.start), 0);
    CU_ASSERT_EQUAL(poison_origin(0), 0);
}
