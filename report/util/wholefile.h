/* SPDX-License-Identifier: MIT
 *
 * Files that are there whole or not at all.
 */
#ifndef UTIL_WHOLEFILE_H
#define UTIL_WHOLEFILE_H

#include "util/failure.h"

#include <stdio.h>

struct wholefile {
    FILE *out;
    const char *path; /* NULL: standard output */
    char *temporary; /* NULL: written in place */
};

/* Opens what is to become `path`, which must live as long; NULL or "-" is standard output. What is
 * there and not a regular file is written to directly. Returns false with `failure` set. */
bool wholefile_open(struct wholefile *file, const char *path, struct failure *failure);

/* Whether wholefile_open() would work now: nothing is left behind. Returns false with `failure`
 * set.
 */
bool wholefile_check(const char *path, struct failure *failure);

/* Puts the file in its place. Returns false with `failure` set if anything could not be written;
 * then what was there before stays. */
bool wholefile_close(struct wholefile *file, struct failure *failure);

#endif
