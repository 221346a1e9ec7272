/* SPDX-License-Identifier: MIT
 *
 * Interned texts: equal texts of one pool have the same address, and live as long as the pool.
 */
#ifndef STRPOOL_H
#define STRPOOL_H

#include "util/idmap.h"
#include "util/vec.h"

struct strpool {
    VEC(char *) texts; /* element i has id i + 1 */
    struct idmap index;
};

/* Returns the pool's terminated copy of `length` bytes, up to the first zero byte among them. Never NULL. */
const char *strpool_put(struct strpool *pool, const char *bytes, size_t length);

void strpool_free(struct strpool *pool);

#endif
