/* SPDX-License-Identifier: MIT */
#include "query/metric.h"

#include <stddef.h>

const char *const metric_names[] = {"leaked",      "live",      "peak", "total",
                                    "allocations", "temporary", NULL};

bool metric_of_sites(enum metric metric)
{
    return metric >= METRIC_PEAK;
}

bool metric_counts(enum metric metric)
{
    return metric == METRIC_ALLOCATIONS || metric == METRIC_TEMPORARY;
}

const char *metric_whole(enum metric metric)
{
    static const char *const words[] = {"leaked bytes",    "live bytes",  "peak bytes",
                                        "bytes allocated", "allocations", "temporary blocks"};
    return words[metric];
}
