/* SPDX-License-Identifier: MIT
 *
 * Leaks of two sets of processes, matched by fingerprint.
 */
#ifndef QUERY_CHANGES_H
#define QUERY_CHANGES_H

#include "model/profile.h"
#include "query/paths.h"

enum changes_status {
    CHANGES_NEW,
    CHANGES_GROWN,
    CHANGES_SHRUNK,
    CHANGES_GONE,
    CHANGES_SAME,
    CHANGES_STATUSES
};

struct change {
    const char *text; /* of the fingerprint; in the pool of struct changes */
    uint64_t hash; /* of it */
    uint32_t kind; /* enum mmt_leak_kind */
    uint32_t stack; /* of the largest leak; after if there is one */
    uint64_t stack_bytes;
    uint64_t bytes[2], blocks[2]; /* before, after */
};

struct changes {
    struct strpool strings;
    VEC(struct change) items; /* by status, then by size of the change, then by name */
};

/* Matches the leaks of processes before index `split` with those of the others; without those that
 * the filter of `paths` leaves out, if that is not NULL. */
void changes_find(struct changes *changes, const struct profile *profile, unsigned kinds,
                  uint32_t split, struct paths *paths);

void changes_free(struct changes *changes);

/* By bytes; by blocks if the bytes are equal. */
enum changes_status changes_status(const struct change *change);

/* "new", "grown", "shrunk", "gone", "same" */
const char *changes_word(enum changes_status status);

#endif
