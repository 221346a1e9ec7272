/* SPDX-License-Identifier: MIT
 *
 * Many traces as one file. The records of each process are kept as they are, also those this
 * version does not know, and put in the order of their bytes: the result depends only on which
 * processes there are, not on the order in which they were merged, or whether they were merged in
 * steps.
 */
#ifndef LOAD_MERGE_H
#define LOAD_MERGE_H

#include "util/failure.h"
#include "util/vec.h"

#include <stdint.h>

struct merge {
    VEC(struct merge_process {
        uint8_t *data; /* records, padded */
        uint64_t size;
    })
    processes;
    uint64_t records;
    bool incomplete; /* some file was cut off or could not be read */
};

/* Adds the traces that the paths stand for (load/load.h). Each is checked as if it were shown; of
 * one that cannot be read it is kept that there was one, as long as others can. Returns false with
 * `failure` set. */
bool merge_add(struct merge *merge, char *const *paths, size_t count, struct failure *failure);

/* Writes the file (util/wholefile.h). Returns false with `failure` set. */
bool merge_write(struct merge *merge, const char *path, struct failure *failure);

void merge_free(struct merge *merge);

#endif
