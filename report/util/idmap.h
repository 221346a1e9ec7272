/* SPDX-License-Identifier: MIT
 *
 * A hash index from a key to a 32-bit id. The elements themselves live in an array of the caller's;
 * the index holds hashes and ids only, and asks the caller to compare.
 */
#ifndef UTIL_IDMAP_H
#define UTIL_IDMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct idmap {
    struct idmap_slot {
        uint32_t hash; /* the low half */
        uint32_t id; /* 0: free slot */
    } * slots;
    size_t capacity, used;
};

/* Says whether element `id` of `context` has the key. */
typedef bool idmap_equal(const void *context, uint32_t id, const void *key);

/* Returns the id of the element with the key, or 0. */
uint32_t idmap_find(const struct idmap *map, uint64_t hash, idmap_equal *equal, const void *context,
                    const void *key);

/* Adds an id (not 0) whose key is not in the map yet. */
void idmap_add(struct idmap *map, uint64_t hash, uint32_t id);

void idmap_free(struct idmap *map);

/* Mixes `value` into `hash`; start with any constant. */
uint64_t idmap_mix(uint64_t hash, uint64_t value);

/* The same for bytes. */
uint64_t idmap_mix_bytes(uint64_t hash, const void *bytes, size_t length);

#endif
