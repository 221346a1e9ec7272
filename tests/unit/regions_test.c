/* SPDX-License-Identifier: MIT
 *
 * Stacks inside of mappings, as they are where libc protects them by guards that the kernel does
 * not show: laid out by the test, whatever libc does.
 */
#include <string.h>
#include <sys/mman.h>

#include "base/bits.h"
#include "leak/regions.h"
#include "unit.h"

#define STACK_PAGES 8
#define STACK_SIZE  (STACK_PAGES * PAGE_SIZE)

/* What the tests look for in a thread's control block, and where. */
enum { CONTROL_SELF = 0, CONTROL_SELF_AGAIN = 2, CONTROL_STACK = 211 };

static struct regions regions;

static uintptr_t map_stacks(size_t count)
{
    void *memory =
        mmap(NULL, (2 * count + 1) * STACK_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CU_ASSERT_PTR_NOT_EQUAL_FATAL(memory, MAP_FAILED);
    /* With neighbours that cannot be accessed, so that it joins with no other mapping. */
    uintptr_t start = (uintptr_t)memory + STACK_SIZE;
    mprotect((void *)start, count * STACK_SIZE, PROT_READ | PROT_WRITE);
    return start;
}

static void unmap_stacks(uintptr_t start, size_t count)
{
    munmap((void *)(start - STACK_SIZE), (2 * count + 1) * STACK_SIZE);
}

static uintptr_t make_control_block(uintptr_t stack, size_t guard)
{
    uintptr_t control = stack + STACK_SIZE - 2304, *words = (uintptr_t *)control;
    words[CONTROL_SELF] = words[CONTROL_SELF_AGAIN] = control;
    words[CONTROL_STACK] = stack;
    words[CONTROL_STACK + 1] = STACK_SIZE;
    words[CONTROL_STACK + 2] = guard;
    return control;
}

static void expect_stack(uintptr_t start, uintptr_t end, uintptr_t live_from)
{
    struct region *region = regions_find(&regions, start);
    CU_ASSERT_PTR_NOT_NULL_FATAL(region);
    CU_ASSERT_EQUAL(region->start, start);
    CU_ASSERT_EQUAL(region->end, end);
    CU_ASSERT_EQUAL(region->live_from, live_from);
    CU_ASSERT(region->flags & REGION_STACK);
}

SUITE("regions", NULL, NULL);

TEST(test_joined_stacks, "stacks that are one mapping")
{
    uintptr_t first = map_stacks(3), second = first + STACK_SIZE, third = second + STACK_SIZE;
    uintptr_t ended = make_control_block(first, PAGE_SIZE);
    uintptr_t running = make_control_block(third, 2 * PAGE_SIZE);
    CU_ASSERT_PTR_NULL_FATAL(regions_read(&regions));
    regions_find_stack(&regions, ended);
    regions_find_stack(&regions, running);
    regions_find_stack(&regions, running);
    regions_set_thread(&regions, running);
    regions_set_stack(&regions, running - 800);
    regions_drop_dead_stacks(&regions);
    expect_stack(first + PAGE_SIZE, second, ended);
    expect_stack(third + 2 * PAGE_SIZE, third + STACK_SIZE, running - 800);
    /* What lies between is no stack, and all of it is a root. */
    struct region *between = regions_find(&regions, second);
    CU_ASSERT_PTR_NOT_NULL_FATAL(between);
    CU_ASSERT_EQUAL(between->start, second);
    CU_ASSERT_EQUAL(between->end, third + 2 * PAGE_SIZE);
    CU_ASSERT_EQUAL(between->live_from, second);
    CU_ASSERT(!(between->flags & REGION_STACK));
    for (size_t i = 1; i < regions.count; i++)
        CU_ASSERT(regions.list[i - 1].end <= regions.list[i].start);
    regions_free(&regions);
    unmap_stacks(first, 3);
}

/* A stack without a guard may be the program's own, and be used for other things later. */
TEST(test_not_stacks, "control blocks that say nothing of a stack")
{
    uintptr_t first = map_stacks(2), second = first + STACK_SIZE;
    uintptr_t provided = make_control_block(first, 0);
    uintptr_t elsewhere = make_control_block(second, PAGE_SIZE);
    memset((void *)elsewhere, 0, 3 * sizeof(uintptr_t));
    CU_ASSERT_PTR_NULL_FATAL(regions_read(&regions));
    size_t count = regions.count;
    regions_find_stack(&regions, provided);
    regions_find_stack(&regions, elsewhere);
    regions_find_stack(&regions, first - PAGE_SIZE);
    regions_find_stack(&regions, 0);
    CU_ASSERT_EQUAL(regions.count, count);
    regions_free(&regions);
    unmap_stacks(first, 2);
}

static uint64_t used_of(void *start)
{
    struct region *region = regions_find(&regions, (uintptr_t)start);
    CU_ASSERT_PTR_NOT_NULL_FATAL(region);
    return region->used;
}

TEST(test_used, "address space that is only reserved")
{
    const size_t size = (size_t)2 << 30;
    char *memory =
        mmap(NULL, 4 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CU_ASSERT_PTR_NOT_EQUAL_FATAL(memory, MAP_FAILED);
    /* Neighbours apart by pages that are not there, so that they stay mappings of their own. */
    char *untouched = memory, *touched = memory + size, *readable = memory + 2 * size;
    munmap(touched - PAGE_SIZE, PAGE_SIZE);
    munmap(readable - PAGE_SIZE, PAGE_SIZE);
    mprotect(touched, size - PAGE_SIZE, PROT_READ | PROT_WRITE);
    touched[5 * PAGE_SIZE] = touched[9 * PAGE_SIZE] = 1;
    mprotect(touched, size - PAGE_SIZE, PROT_NONE);
    mprotect(readable, 2 * size, PROT_READ);
    CU_ASSERT_PTR_NULL_FATAL(regions_read(&regions));
    regions_find_used(&regions);
    CU_ASSERT_EQUAL(used_of(untouched), 0);
    CU_ASSERT(used_of(touched) >= 2 && used_of(touched) < 10000);
    CU_ASSERT_EQUAL(used_of(readable), UINT64_MAX);
    regions_free(&regions);
    munmap(memory, 4 * size);
}
