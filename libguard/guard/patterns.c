/* SPDX-License-Identifier: MIT */
#include "guard/patterns.h"

#include "base/print.h"
#include "diag/diagnose.h"
#include "guard/guard.h"
#include "heap/poison.h"

static void patterns_fill(void *memory, size_t size, uint64_t word)
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
        patterns_fill(memory, size, PATTERN_FRESH);
}

void pattern_opened(uintptr_t address)
{
    if (guard.options.fill != FILL_NONE)
        patterns_fill((void *)align_down(address, PAGE_SIZE), PAGE_SIZE, PATTERN_FREED);
}

static bool near(uint64_t value, uint64_t pattern)
{
    enum { REACH = 1 << 20 };
    return value - (pattern - REACH) < 2 * (uint64_t)REACH;
}

static bool print_block(struct print *p, uintptr_t start, struct mmt_finding *finding)
{
    const struct block *record = start ? heap_record(start) : NULL;
    struct block block;
    if (!record)
        return false;
    block = *record;
    if (!diagnose_origin(&block, start, finding))
        return false;
    print_text(p, "probably read from the freed block at ");
    print_hex(p, start);
    return true;
}

bool pattern_origin(uint64_t value, struct mmt_finding *finding, char *text, size_t size)
{
    uintptr_t start = poison_origin(value);
    bool known = true;
    struct print p;
    print_to_buffer(&p, text, size);
    if (near(value, PATTERN_FREED) || start) {
        if (!print_block(&p, start, finding))
            print_text(&p, "probably read from freed or out-of-bounds memory");
    } else if (near(value, PATTERN_FRESH)) {
        print_text(&p, "probably read from memory that was never written");
    } else {
        known = false;
    }
    print_end(&p);
    return known;
}
