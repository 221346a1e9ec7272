/* SPDX-License-Identifier: MIT
 *
 * The shared tables of error kinds and allocation functions as data, and names of the trace's other
 * enumerations.
 */
#ifndef MODEL_CATALOG_H
#define MODEL_CATALOG_H

#include <stdint.h>

struct catalog_error {
    uint32_t kind; /* enum mmt_error */
    const char *slug, *title;
    unsigned cwe;
    const char *severity, *meaning;
};

/* The table's line for a kind. For one that is not in the table, a line with slug "unknown-error".
 * Never NULL. */
const struct catalog_error *catalog_error(uint32_t kind);

/* The name of an enum mmt_function; "an unknown function" if it is none. */
const char *catalog_function(uint32_t function);

/* "definite", "indirect", "possible", "reachable"; `kind` < MMT_LEAK_KINDS. */
const char *catalog_leak_kind(uint32_t kind);

/* "info", "degraded", "incomplete". */
const char *catalog_severity(uint32_t severity);

#endif
