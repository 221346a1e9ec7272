/* SPDX-License-Identifier: MIT
 *
 * Sums over one process or all processes of a profile.
 */
#ifndef QUERY_TOTALS_H
#define QUERY_TOTALS_H

#include "model/profile.h"

#define TOTALS_ALL UINT32_MAX

/* Kinds of errors that are counted one by one; the last stands for kinds this version does not
 * know. */
#define TOTALS_ERROR_KINDS 64

struct totals {
    size_t processes, searched; /* searched: leaks were looked for, and the search was completed */
    size_t turned_off; /* leaks were not to be looked for */
    /* A file was cut off or could not be read, a search failed, or a note says that something is
     * missing. */
    bool incomplete;
    uint64_t leak_blocks[MMT_LEAK_KINDS], leak_bytes[MMT_LEAK_KINDS];
    uint64_t errors; /* different ones, with those libguard counted only */
    uint64_t recorded; /* different ones that have a record */
    uint64_t recorded_kinds[TOTALS_ERROR_KINDS]; /* of them, those of each enum mmt_error */
    uint64_t suppressed_errors, suppressed_blocks, suppressed_bytes;
    uint64_t builtin_blocks, builtin_bytes; /* of the latter two, by built-in rules */
    struct mmt_counters counters;
};

/* Sums for the process with this index, or for TOTALS_ALL. */
void totals_sum(struct totals *totals, const struct profile *profile, uint32_t process);

/* Sums for each process, in one pass: an array to be released with free(). */
struct totals *totals_by_process(const struct profile *profile);

/* The leaks of the kinds whose bits are in `kinds`. */
uint64_t totals_leak_blocks(const struct totals *totals, unsigned kinds);
uint64_t totals_leak_bytes(const struct totals *totals, unsigned kinds);

#endif
