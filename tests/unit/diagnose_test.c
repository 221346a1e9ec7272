/* SPDX-License-Identifier: MIT
 *
 * Each kind of error from hand-built state, without a heap and without a fault.
 */

#include "base/bits.h"
#include "diag/cookie.h"
#include "diag/diagnose.h"
#include "unit.h"

SUITE("diagnose", NULL, NULL);

#define PLACE 0x700000010000u /* of a block of SIZE bytes that ends its page but for 8 */
#define SIZE  24u
#define START (PLACE + PAGE_SIZE - 32)

static struct block block_at(uintptr_t start, size_t size, enum block_state state)
{
    struct block block = {.start = start,
                          .size = size,
                          .alloc_stack = 1,
                          .alloc_thread = 2,
                          .free_stack = 3,
                          .free_thread = 4,
                          .alloc_function = MMT_FUNCTION_MALLOC,
                          .free_function = MMT_FUNCTION_FREE,
                          .align_log2 = 4};
    atomic_init(&block.state, state);
    return block;
}

static struct block record; /* stands for the records of all blocks */

/* A block, and its neighbour two pages on if `next`. */
static struct heap_view view_of(enum block_state state, bool next)
{
    struct heap_view view = {
        .owned = true, .has_before = true, .has_after = next, .before_record = &record};
    view.before = block_at(START, SIZE, state);
    view.after = block_at(START + 2 * PAGE_SIZE, SIZE, BLOCK_LIVE);
    view.after_record = &record + 1;
    return view;
}

static struct mmt_finding finding;
static struct block *found;

static enum mmt_error access_kind(uintptr_t address, enum mmt_direction direction,
                                  const struct heap_view *view)
{
    finding = (struct mmt_finding){0};
    return diagnose_access(address, direction, view, &finding, &found) ? finding.kind
                                                                       : MMT_ERROR_NONE;
}

static enum mmt_error range_kind(uintptr_t address, size_t size, enum mmt_direction direction,
                                 const struct heap_view *view)
{
    finding = (struct mmt_finding){0};
    return diagnose_range(address, size, direction, view, &finding, &found) ? finding.kind
                                                                            : MMT_ERROR_NONE;
}

TEST(faults, "faults")
{
    struct heap_view live = view_of(BLOCK_LIVE, true), freed = view_of(BLOCK_FREED, true),
                     none = {.owned = true}, foreign = {0};
    CU_ASSERT_EQUAL(access_kind(START + SIZE + 8, MMT_DIRECTION_READ, &live),
                    MMT_ERROR_HEAP_OVERFLOW_READ);
    CU_ASSERT_PTR_EQUAL(found, &record);
    CU_ASSERT_EQUAL(finding.flags, MMT_FINDING_BLOCK);
    CU_ASSERT_EQUAL(finding.block_start, START);
    CU_ASSERT_EQUAL(finding.block_size, SIZE);
    CU_ASSERT_EQUAL(finding.block_alignment, 16);
    CU_ASSERT_EQUAL(access_kind(START + SIZE + 8, MMT_DIRECTION_WRITE, &live),
                    MMT_ERROR_HEAP_OVERFLOW_WRITE);
    CU_ASSERT_EQUAL(access_kind(START + 2 * PAGE_SIZE - 8, MMT_DIRECTION_READ, &live),
                    MMT_ERROR_HEAP_UNDERFLOW_READ);
    CU_ASSERT_PTR_EQUAL(found, &record + 1);
    CU_ASSERT_EQUAL(access_kind(START + 2 * PAGE_SIZE - 8, MMT_DIRECTION_WRITE, &live),
                    MMT_ERROR_HEAP_UNDERFLOW_WRITE);
    CU_ASSERT_EQUAL(access_kind(START + 1, MMT_DIRECTION_READ, &freed),
                    MMT_ERROR_USE_AFTER_FREE_READ);
    CU_ASSERT_EQUAL(finding.flags, MMT_FINDING_BLOCK | MMT_FINDING_FREED);
    CU_ASSERT_EQUAL(finding.free_stack, 3);
    CU_ASSERT_EQUAL(access_kind(START + 1, MMT_DIRECTION_WRITE, &freed),
                    MMT_ERROR_USE_AFTER_FREE_WRITE);
    CU_ASSERT_EQUAL(access_kind(START, MMT_DIRECTION_WRITE, &none), MMT_ERROR_WILD_ACCESS);
    CU_ASSERT_PTR_NULL(found);
    /* The program itself may have protected pages of its block. */
    CU_ASSERT_EQUAL(access_kind(START + 1, MMT_DIRECTION_WRITE, &live), MMT_ERROR_NONE);
    CU_ASSERT_EQUAL(access_kind(START, MMT_DIRECTION_WRITE, &foreign), MMT_ERROR_NONE);
}

TEST(ranges, "ranges of library calls")
{
    struct heap_view live = view_of(BLOCK_LIVE, true), freed = view_of(BLOCK_FREED, false),
                     foreign = {0};
    CU_ASSERT_EQUAL(range_kind(START, SIZE, MMT_DIRECTION_READ, &live), MMT_ERROR_NONE);
    CU_ASSERT_EQUAL(range_kind(START + SIZE - 1, 1, MMT_DIRECTION_READ, &live), MMT_ERROR_NONE);
    CU_ASSERT_EQUAL(range_kind(START, SIZE + 1, MMT_DIRECTION_READ, &live),
                    MMT_ERROR_HEAP_OVERFLOW_READ);
    CU_ASSERT_EQUAL(finding.address, START);
    CU_ASSERT_EQUAL(finding.size, SIZE + 1);
    CU_ASSERT_EQUAL(range_kind(START, SIZE + 1, MMT_DIRECTION_WRITE, &live),
                    MMT_ERROR_HEAP_OVERFLOW_WRITE);
    CU_ASSERT_EQUAL(range_kind(START + 8, SIZE_MAX, MMT_DIRECTION_WRITE, &live),
                    MMT_ERROR_HEAP_OVERFLOW_WRITE);
    CU_ASSERT_EQUAL(range_kind(START + SIZE, 1, MMT_DIRECTION_READ, &live),
                    MMT_ERROR_HEAP_OVERFLOW_READ);
    CU_ASSERT_EQUAL(range_kind(START, 1, MMT_DIRECTION_READ, &freed),
                    MMT_ERROR_USE_AFTER_FREE_READ);
    CU_ASSERT_EQUAL(range_kind(START, 1, MMT_DIRECTION_READ, &foreign), MMT_ERROR_NONE);
    /* What reaches into a block from before it was meant for it, even if another block is nearer.
     */
    uintptr_t next = START + 2 * PAGE_SIZE;
    CU_ASSERT_EQUAL(range_kind(next - 6000, 6008, MMT_DIRECTION_WRITE, &live),
                    MMT_ERROR_HEAP_UNDERFLOW_WRITE);
    CU_ASSERT_EQUAL(finding.block_start, next);
    CU_ASSERT_PTR_EQUAL(found, &record + 1);
    CU_ASSERT_EQUAL(range_kind(next - 8, 8, MMT_DIRECTION_READ, &live),
                    MMT_ERROR_HEAP_UNDERFLOW_READ);
    /* But what begins right behind a block ran out of that. */
    CU_ASSERT_EQUAL(range_kind(START + SIZE, 9000, MMT_DIRECTION_WRITE, &live),
                    MMT_ERROR_HEAP_OVERFLOW_WRITE);
    CU_ASSERT_EQUAL(finding.block_start, START);
}

TEST(overlaps, "overlapping copies")
{
    struct heap_view live = view_of(BLOCK_LIVE, false);
    finding = (struct mmt_finding){0};
    diagnose_overlap(START + 1, 10, &live, &finding);
    CU_ASSERT_EQUAL(finding.kind, MMT_ERROR_OVERLAPPING_COPY);
    CU_ASSERT_EQUAL(finding.size, 10);
    CU_ASSERT_EQUAL(finding.block_start, START);
}

static enum mmt_error crash_kind(uintptr_t address, bool known)
{
    finding = (struct mmt_finding){0};
    finding.registers[MMT_RSP] = 0x7ffc00000100;
    finding.registers[MMT_RDX] = 0x4141414141414141;
    diagnose_crash(address, known, &finding);
    return finding.kind;
}

TEST(crashes, "faults outside the heap")
{
    CU_ASSERT_EQUAL(crash_kind(0, true), MMT_ERROR_NULL_DEREFERENCE);
    CU_ASSERT_EQUAL(crash_kind(4096 + 8, true), MMT_ERROR_NULL_DEREFERENCE);
    CU_ASSERT_EQUAL(crash_kind(0x123456789, true), MMT_ERROR_WILD_POINTER);
    CU_ASSERT_EQUAL(crash_kind(0x7ffc00000100 - 8, true), MMT_ERROR_STACK_OVERFLOW);
    CU_ASSERT_EQUAL(crash_kind(0x7ffc00000100 + 8192, true), MMT_ERROR_WILD_POINTER);
    CU_ASSERT_EQUAL(crash_kind(0, false), MMT_ERROR_WILD_POINTER);
    CU_ASSERT_EQUAL(finding.address, 0x4141414141414141);
}

static enum mmt_error release_kind(struct heap_release release, enum heap_verdict verdict,
                                   struct block *block)
{
    struct heap_outcome outcome = {.verdict = verdict, .has_block = block != NULL};
    if (block)
        outcome.as_was = *block;
    finding = (struct mmt_finding){0};
    return diagnose_release(&release, &outcome, &finding) ? finding.kind : MMT_ERROR_NONE;
}

TEST(wrong_pointers, "pointers that cannot be freed")
{
    struct block live = block_at(START, SIZE, BLOCK_LIVE),
                 freed = block_at(START, SIZE, BLOCK_FREED);
    struct heap_release release = {.address = START, .function = MMT_FUNCTION_FREE};
    CU_ASSERT_EQUAL(release_kind(release, HEAP_FREED, &live), MMT_ERROR_NONE);
    CU_ASSERT_EQUAL(release_kind(release, HEAP_WAS_FREED, &freed), MMT_ERROR_DOUBLE_FREE);
    CU_ASSERT_EQUAL(finding.free_stack, 3);
    CU_ASSERT_EQUAL(release_kind(release, HEAP_NOT_OURS, NULL), MMT_ERROR_INVALID_FREE);
    CU_ASSERT_EQUAL(release_kind(release, HEAP_NO_BLOCK, NULL), MMT_ERROR_INVALID_FREE);
    release.address = START + 4;
    CU_ASSERT_EQUAL(release_kind(release, HEAP_NOT_START, &live), MMT_ERROR_INVALID_FREE_INTERIOR);
    release.address = START + SIZE;
    CU_ASSERT_EQUAL(release_kind(release, HEAP_NOT_START, &live), MMT_ERROR_INVALID_FREE_INTERIOR);
    release.address = START - 8;
    CU_ASSERT_EQUAL(release_kind(release, HEAP_NOT_START, &live), MMT_ERROR_INVALID_FREE_INTERIOR);
    release.address = START + PAGE_SIZE;
    CU_ASSERT_EQUAL(release_kind(release, HEAP_NOT_START, &live), MMT_ERROR_INVALID_FREE);
    release = (struct heap_release){.address = START, .function = MMT_FUNCTION_REALLOC};
    CU_ASSERT_EQUAL(release_kind(release, HEAP_WAS_FREED, &freed), MMT_ERROR_REALLOC_AFTER_FREE);
}

TEST(mismatches, "deallocation by the wrong function")
{
    struct block live = block_at(START, SIZE, BLOCK_LIVE);
    struct heap_release release = {.address = START, .function = MMT_FUNCTION_DELETE};
    CU_ASSERT_EQUAL(release_kind(release, HEAP_FREED, &live), MMT_ERROR_ALLOC_DEALLOC_MISMATCH);
    CU_ASSERT_EQUAL(finding.flags, MMT_FINDING_BLOCK);
    live.alloc_function = MMT_FUNCTION_NEW_ARRAY;
    CU_ASSERT_EQUAL(release_kind(release, HEAP_FREED, &live), MMT_ERROR_ALLOC_DEALLOC_MISMATCH);
    live.alloc_function = MMT_FUNCTION_NEW;
    CU_ASSERT_EQUAL(release_kind(release, HEAP_FREED, &live), MMT_ERROR_NONE);
    release.has_size = true, release.size = SIZE;
    CU_ASSERT_EQUAL(release_kind(release, HEAP_FREED, &live), MMT_ERROR_NONE);
    release.size = SIZE + 8;
    CU_ASSERT_EQUAL(release_kind(release, HEAP_FREED, &live), MMT_ERROR_SIZED_DELETE_MISMATCH);
    CU_ASSERT_EQUAL(finding.size, SIZE + 8);
    release = (struct heap_release){.address = START,
                                    .function = MMT_FUNCTION_DELETE_ALIGNED,
                                    .has_alignment = true,
                                    .alignment = 64};
    CU_ASSERT_EQUAL(release_kind(release, HEAP_FREED, &live), MMT_ERROR_ALIGNED_DELETE_MISMATCH);
    live.alloc_function = MMT_FUNCTION_NEW_ALIGNED;
    CU_ASSERT_EQUAL(release_kind(release, HEAP_FREED, &live), MMT_ERROR_ALIGNED_DELETE_MISMATCH);
    live.align_log2 = 6;
    CU_ASSERT_EQUAL(release_kind(release, HEAP_FREED, &live), MMT_ERROR_NONE);
}

TEST(cookies, "deallocations that are off by the cookie of an array")
{
    enum { DELETE = MMT_FUNCTION_DELETE, DELETE_ARRAY = MMT_FUNCTION_DELETE_ARRAY };
    struct heap_view view = {.owned = true, .has_before = true};
    view.before = block_at(START, SIZE, BLOCK_LIVE);
    view.before.alloc_function = MMT_FUNCTION_NEW_ARRAY;
    uint64_t bytes = SIZE - 8;
    CU_ASSERT_PTR_EQUAL(cookie_block(START + 8, DELETE, bytes, &view), &view.before);
    CU_ASSERT_PTR_EQUAL(cookie_block(START + 8, MMT_FUNCTION_FREE, 1, &view), &view.before);
    CU_ASSERT_PTR_NULL(cookie_block(START + 8, DELETE_ARRAY, 1, &view));
    CU_ASSERT_PTR_NULL(cookie_block(START + 8, DELETE, 0, &view));
    CU_ASSERT_PTR_NULL(cookie_block(START + 8, DELETE, bytes - 1, &view));
    CU_ASSERT_PTR_NULL(cookie_block(START + 8, DELETE, bytes + 1, &view));
    CU_ASSERT_PTR_NULL(cookie_block(START + 4, DELETE, 1, &view));
    view.before.size = 64;
    CU_ASSERT_PTR_NULL(cookie_block(START + 32, DELETE, 1, &view));
    view.before.align_log2 = 5;
    CU_ASSERT_PTR_EQUAL(cookie_block(START + 32, DELETE, 1, &view), &view.before);
    view.before.size = 8;
    CU_ASSERT_PTR_EQUAL(cookie_block(START + 8, DELETE, 0, &view), &view.before);
    view.before = block_at(START, SIZE, BLOCK_FREED);
    view.before.alloc_function = MMT_FUNCTION_NEW_ARRAY;
    CU_ASSERT_PTR_NULL(cookie_block(START + 8, DELETE, 1, &view));

    view = (struct heap_view){.owned = true, .has_after = true};
    view.after = block_at(START, SIZE, BLOCK_LIVE);
    view.after.alloc_function = MMT_FUNCTION_NEW;
    CU_ASSERT_PTR_EQUAL(cookie_block(START - 8, DELETE_ARRAY, UINT64_MAX, &view), &view.after);
    CU_ASSERT_PTR_NULL(cookie_block(START - 8, DELETE, UINT64_MAX, &view));
    view.has_before = true;
    view.before = block_at(START - 16, 16, BLOCK_LIVE);
    CU_ASSERT_PTR_NULL(cookie_block(START - 8, DELETE_ARRAY, UINT64_MAX, &view));
}

TEST(cookies_in_slack, "what delete[] computes from slack before a block")
{
    const uint64_t slack = 0xb5b5b5b5b5b5b5b5;
    struct block object = block_at(START, SIZE, BLOCK_LIVE);
    object.alloc_function = MMT_FUNCTION_NEW;
    CU_ASSERT_TRUE(cookie_leads_to(START + SIZE * slack, slack, &object));
    CU_ASSERT_TRUE(cookie_leads_to(START + SIZE * slack - SIZE, slack, &object));
    CU_ASSERT_TRUE(cookie_leads_to(START + SIZE * slack - 1, slack, &object));
    CU_ASSERT_FALSE(cookie_leads_to(START + SIZE * slack - SIZE - 1, slack, &object));
    CU_ASSERT_FALSE(cookie_leads_to(START + (SIZE + 1) * slack, slack, &object));
    CU_ASSERT_FALSE(cookie_leads_to(START, slack, &object));
    CU_ASSERT_FALSE(cookie_leads_to(slack, slack, &object));
    object.alloc_function = MMT_FUNCTION_NEW_ARRAY;
    CU_ASSERT_FALSE(cookie_leads_to(START + SIZE * slack, slack, &object));
}

TEST(late_damage, "late damage")
{
    struct block freed = block_at(START, SIZE, BLOCK_FREED);
    finding = (struct mmt_finding){0};
    struct diagnose_damage damage = {START + SIZE + 3, 0xb5, 'x', 4};
    diagnose_slack(&damage, &freed, &finding);
    CU_ASSERT_EQUAL(finding.damage_expected, 0xb5);
    CU_ASSERT_EQUAL(finding.damage_found, 'x');
    CU_ASSERT_EQUAL(finding.damage_length, 4);
    CU_ASSERT_EQUAL(finding.kind, MMT_ERROR_SLACK_DAMAGE);
    CU_ASSERT_EQUAL(finding.address, START + SIZE + 3);
    CU_ASSERT_EQUAL(finding.direction, MMT_DIRECTION_WRITE);
    CU_ASSERT_EQUAL(finding.flags, MMT_FINDING_BLOCK | MMT_FINDING_LATE);

    finding = (struct mmt_finding){0};
    damage = (struct diagnose_damage){START + 3, 0xfd, 'y', 2};
    diagnose_late(&damage, &freed, &finding);
    CU_ASSERT_EQUAL(finding.kind, MMT_ERROR_USE_AFTER_FREE_WRITE);
    CU_ASSERT_EQUAL(finding.address, START + 3);
    CU_ASSERT_EQUAL(finding.damage_found, 'y');
    CU_ASSERT_EQUAL(finding.damage_length, 2);
    CU_ASSERT_EQUAL(finding.flags, MMT_FINDING_BLOCK | MMT_FINDING_FREED | MMT_FINDING_LATE);
}

TEST(poison, "pointers read from freed blocks")
{
    struct block freed = block_at(START, SIZE, BLOCK_FREED),
                 live = block_at(START, SIZE, BLOCK_LIVE);
    finding = (struct mmt_finding){0};
    CU_ASSERT(!diagnose_origin(&live, START, &finding));
    CU_ASSERT(!diagnose_origin(&freed, START + 8, &finding));
    CU_ASSERT_EQUAL(finding.flags, 0);
    CU_ASSERT(diagnose_origin(&freed, START, &finding));
    CU_ASSERT_EQUAL(finding.flags, MMT_FINDING_BLOCK | MMT_FINDING_FREED);
}
