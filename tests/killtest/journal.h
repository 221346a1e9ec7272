// SPDX-License-Identifier: MIT
//
// What the killed program says it has: a file, shared and mapped, with places for the blocks of each thread. A thread changes its own places only.
#ifndef JOURNAL_H
#define JOURNAL_H

#include <stdint.h>

#define JOURNAL_THREADS 4
#define JOURNAL_PLACES  2000

struct journal_place {
    uint64_t address; // of a block that malloc returned; bit 0: it is being freed
    uint64_t size;
};

struct journal {
    uint64_t operations[JOURNAL_THREADS]; // completed
    struct journal_place places[JOURNAL_THREADS][JOURNAL_PLACES];
};

// Blocks of the test have sizes of this form, those of libc have not: (thread + 1) * 10000 + 0..999.
static inline int journal_thread_of(uint64_t size)
{
    uint64_t thread = size / 10000;
    return thread >= 1 && thread <= JOURNAL_THREADS && size % 10000 < 1000 ? (int)thread - 1 : -1;
}

#endif
