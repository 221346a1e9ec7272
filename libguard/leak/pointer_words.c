/* SPDX-License-Identifier: MIT */
#include "leak/pointer_words.h"

#include "base/bits.h"
#include "base/options.h"
#include "base/probe.h"

/* Where programs keep counters and marks in a pointer. */
#define TAG_ABOVE ((uintptr_t)0xffff << 48)
#define TAG_BELOW ((uintptr_t)7)

#define WORD ((unsigned)sizeof(uintptr_t))

void pointer_readings(uintptr_t value, pointer_visit *visit, void *argument)
{
    uintptr_t untagged = value & ~TAG_ABOVE;
    if (untagged != value)
        visit(untagged, argument);
    if (untagged & TAG_BELOW)
        visit(untagged & ~TAG_BELOW, argument);
}

/* The last word of the page of `at`. */
static uintptr_t last_of_page(uintptr_t at)
{
    return align_down(at, PAGE_SIZE) + PAGE_SIZE - WORD;
}

/* The words at any byte, put together from the aligned ones, which are read once. */
static void at_any_byte(uintptr_t start, uintptr_t end, pointer_visit *visit, void *argument)
{
    uintptr_t before = 0, value;
    bool joined = false;
    for (uintptr_t at = align_down(start, WORD); at < end; at += WORD) {
        if (!probe_word(at, &value)) {
            joined = false;
            at = last_of_page(at);
            continue;
        }
        for (unsigned i = 1; joined && i < WORD; i++)
            if (at - WORD + i >= start && at + i <= end)
                visit(before >> 8 * i | value << 8 * (WORD - i), argument);
        if (at >= start && at + WORD <= end)
            visit(value, argument);
        before = value;
        joined = true;
    }
}

static void with_tags(uintptr_t start, uintptr_t end, pointer_visit *visit, void *argument)
{
    uintptr_t value;
    end = align_down(end, WORD);
    for (start = align_up(start, WORD); start < end; start += WORD)
        if (probe_word(start, &value)) {
            visit(value, argument);
            pointer_readings(value, visit, argument);
        } else {
            start = last_of_page(start);
        }
}

void pointer_words(int pointers, uintptr_t start, uintptr_t end, pointer_visit *visit,
                   void *argument)
{
    if (pointers == LEAK_POINTERS_UNALIGNED)
        at_any_byte(start, end, visit, argument);
    else if (pointers == LEAK_POINTERS_TAGGED)
        with_tags(start, end, visit, argument);
}
