/* SPDX-License-Identifier: MIT
 *
 * What a tree or list of call stacks sums up.
 */
#ifndef QUERY_METRIC_H
#define QUERY_METRIC_H

#include <stdbool.h>

enum metric {
    METRIC_LEAKED, /* blocks of some kinds of leaks */
    METRIC_LIVE, /* blocks that were there at the end, of all kinds */
    /* From the counters of call sites: */
    METRIC_PEAK, /* bytes: the most each stack had live at a time; blocks: its allocations */
    METRIC_TOTAL, /* bytes and number of all allocations */
    METRIC_ALLOCATIONS, /* the same, the number first */
    /* bytes of all allocations, number of those freed before their thread allocated anything else
     */
    METRIC_TEMPORARY,
    METRICS
};

/* Whether it is of the counters of call sites, which know no kinds of leaks, threads or
 * fingerprints. */
bool metric_of_sites(enum metric metric);

/* Whether the number matters and shares are of it; otherwise the bytes do. */
bool metric_counts(enum metric metric);

/* "leaked", "live", ... ; ends with NULL. */
extern const char *const metric_names[];

/* What the shares are of: "leaked bytes", "allocations". */
const char *metric_whole(enum metric metric);

#endif
