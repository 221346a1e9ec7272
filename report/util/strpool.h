/* SPDX-License-Identifier: MIT
 *
 * Interned texts: equal texts of one pool have the same address, and live as long as the pool.
 */
#ifndef UTIL_STRPOOL_H
#define UTIL_STRPOOL_H

#include "util/idmap.h"
#include "util/vec.h"

struct strpool {
    VEC(const char *) texts; /* element i has id i + 1 */
    VEC(char *) blocks; /* what texts lie in */
    char *room; /* of the last block made for texts: what is free */
    size_t left;
    struct idmap index;
};

/* Returns the pool's terminated copy of `length` bytes, up to the first zero byte among them. Never
 * NULL. */
const char *strpool_put(struct strpool *pool, const char *bytes, size_t length);

/* The same, and returns the text's id. */
uint32_t strpool_put_id(struct strpool *pool, const char *bytes, size_t length);

/* The same for a text of `length` bytes with a zero byte behind them and none among them; if it is
 * new it is not copied, so it must live as long as the pool. */
const char *strpool_put_held(struct strpool *pool, const char *text, size_t length);

/* Gives the pool a block of malloc()'s in which such texts lie, to be released with it; NULL is
 * nothing. */
void strpool_hold(struct strpool *pool, char *block);

void strpool_free(struct strpool *pool);

#endif
