/* SPDX-License-Identifier: MIT */
#include "entry/patterns.h"

#include "entry/guard.h"
#include "heap/poison.h"

static void fill(void *memory, size_t size, uint64_t word)
{
    uint64_t *words = memory;
    size_t whole = size / sizeof(word), rest = size % sizeof(word);
    for (size_t i = 0; i < whole; i++)
        words[i] = word;
    copy_bytes(words + whole, &word, rest);
}

void pattern_fresh(void *memory, size_t size)
{
    if (guard.options.fill == FILL_ALL)
        fill(memory, size, PATTERN_FRESH);
}

void pattern_opened(uintptr_t address)
{
    if (guard.options.fill != FILL_NONE)
        fill((void *)align_down(address, PAGE_SIZE), PAGE_SIZE, PATTERN_FREED);
}

static bool near(uint64_t value, uint64_t pattern)
{
    enum { REACH = 1 << 20 };
    return value - (pattern - REACH) < 2 * (uint64_t)REACH;
}

const char *pattern_origin(uint64_t value)
{
    if (near(value, PATTERN_FREED) || poison_origin(value))
        return "probably read from freed or out-of-bounds memory";
    if (near(value, PATTERN_FRESH))
        return "probably read from memory that was never written";
    return NULL;
}
