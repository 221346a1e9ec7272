/* SPDX-License-Identifier: MIT
 *
 * What is known already: findings by fingerprint, each with the most that is accepted of it.
 */
#ifndef MODEL_BASELINE_H
#define MODEL_BASELINE_H

#include "util/idmap.h"
#include "util/strpool.h"
#include "util/vec.h"

#include <stdbool.h>
#include <stdint.h>

struct baseline_entry {
    uint64_t fingerprint;
    const char *kind; /* slug of an error, or kind of a leak */
    const char *path; /* readable, not compared */
    uint64_t count, bytes;
    bool system; /* no function of it is of a program or library outside of the system's folders */
};

/* What a baseline was made with, so that a run is compared with what it could have found. */
struct baseline_scope {
    bool known; /* false: of a file that does not say it */
    bool own; /* without findings of the system only */
    unsigned kinds; /* of leaks, bits 1 << enum mmt_leak_kind */
};

struct baseline {
    struct strpool strings;
    struct baseline_scope scope;
    VEC(struct baseline_entry) entries;
    struct idmap index;
};

void baseline_free(struct baseline *baseline);

/* Adds an entry whose texts are copied; one of the same fingerprint gets the larger ceilings of
 * both. */
void baseline_put(struct baseline *baseline, const struct baseline_entry *entry);

/* Index of the entry plus 1; 0 if there is none. */
uint32_t baseline_find(const struct baseline *baseline, uint64_t fingerprint);

#endif
