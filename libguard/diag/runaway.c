/* SPDX-License-Identifier: MIT */
#include "diag/runaway.h"

#include <stddef.h>

#include "base/bits.h"

/* What a loop may pass without a fault: pages of live blocks. */
#define STRIDE (64 * PAGE_SIZE)
/* A loop meets a page at one of its ends. */
#define EDGE      256
#define LOST_MOST 256

static bool goes_on(struct runaway *loop, uintptr_t address)
{
    uintptr_t page = align_down(address, PAGE_SIZE), offset = address - page;
    if (page == loop->page || page - (loop->page - STRIDE) > 2 * STRIDE)
        return false;
    if (page > loop->page ? offset >= EDGE : offset < PAGE_SIZE - EDGE)
        return false;
    loop->page = page;
    return true;
}

void runaway_follow(struct runaway loops[RUNAWAY_LOOPS], uintptr_t pc, uintptr_t address, bool lost)
{
    for (int i = 0; i < RUNAWAY_LOOPS; i++)
        if (loops[i].pc == pc && goes_on(&loops[i], address))
            loops[i].lost += lost;
}

struct runaway *runaway_find(struct runaway loops[RUNAWAY_LOOPS], uint32_t stack, uintptr_t pc,
                             uintptr_t address)
{
    for (int i = 0; i < RUNAWAY_LOOPS; i++)
        if (loops[i].stack == stack && loops[i].pc == pc && goes_on(&loops[i], address))
            return &loops[i];
    for (int i = RUNAWAY_LOOPS - 1; i > 0; i--)
        loops[i] = loops[i - 1];
    loops[0] = (struct runaway){.stack = stack, .pc = pc, .page = align_down(address, PAGE_SIZE)};
    return NULL;
}

bool runaway_is_hopeless(const struct runaway loops[RUNAWAY_LOOPS], uintptr_t pc)
{
    for (int i = 0; i < RUNAWAY_LOOPS; i++)
        if (loops[i].pc == pc && loops[i].lost > LOST_MOST)
            return true;
    return false;
}
