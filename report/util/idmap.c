/* SPDX-License-Identifier: MIT */
#include "util/idmap.h"

#include "util/xalloc.h"

#include <stdlib.h>
#include <string.h>

uint32_t idmap_find(const struct idmap *map, uint64_t hash, idmap_equal *equal, const void *context,
                    const void *key)
{
    if (map->capacity == 0)
        return 0;
    size_t mask = map->capacity - 1;
    for (size_t i = (uint32_t)hash & mask; map->slots[i].id != 0; i = (i + 1) & mask)
        if (map->slots[i].hash == (uint32_t)hash && equal(context, map->slots[i].id, key))
            return map->slots[i].id;
    return 0;
}

static void idmap_insert(struct idmap *map, uint32_t hash, uint32_t id)
{
    size_t mask = map->capacity - 1;
    size_t i = hash & mask;
    while (map->slots[i].id != 0)
        i = (i + 1) & mask;
    map->slots[i].hash = hash;
    map->slots[i].id = id;
    map->used++;
}

static void idmap_grow(struct idmap *map, size_t capacity)
{
    struct idmap larger = {.capacity = capacity};
    larger.slots = xalloc_zeroed(capacity, sizeof *larger.slots);
    for (size_t i = 0; i < map->capacity; i++)
        if (map->slots[i].id != 0)
            idmap_insert(&larger, map->slots[i].hash, map->slots[i].id);
    free(map->slots);
    *map = larger;
}

/* At most two thirds are in use, so that probes stay short. */
void idmap_add(struct idmap *map, uint64_t hash, uint32_t id)
{
    if (map->used + map->used / 2 >= map->capacity)
        idmap_grow(map, map->capacity != 0 ? map->capacity * 2 : 64);
    idmap_insert(map, (uint32_t)hash, id);
}

void idmap_free(struct idmap *map)
{
    free(map->slots);
    memset(map, 0, sizeof *map);
}

uint64_t idmap_mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 29);
}

static uint64_t idmap_word(const unsigned char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, 8);
    return word;
}

/* Long texts go through four lanes, since a multiplication waits for the one before it. */
uint64_t idmap_mix_bytes(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *next = bytes;
    hash = idmap_mix(hash, length);
    if (length >= 64) {
        uint64_t lanes[4] = {hash, hash + 1, hash + 2, hash + 3};
        for (; length >= 32; length -= 32, next += 32)
            for (size_t i = 0; i < 4; i++)
                lanes[i] = idmap_mix(lanes[i], idmap_word(next + 8 * i));
        for (size_t i = 0; i < 4; i++)
            hash = idmap_mix(hash, lanes[i]);
    }
    for (; length >= 8; length -= 8, next += 8)
        hash = idmap_mix(hash, idmap_word(next));
    uint64_t rest = 0;
    if (length != 0)
        memcpy(&rest, next, length);
    return idmap_mix(hash, rest);
}
