/* SPDX-License-Identifier: MIT */
#include "util/strpool.h"

#include <string.h>

struct strpool_key {
    const char *bytes;
    size_t length;
};

static bool strpool_equal(const void *context, uint32_t id, const void *key)
{
    const struct strpool *pool = context;
    const struct strpool_key *wanted = key;
    const char *text = pool->texts.items[id - 1];
    return strncmp(text, wanted->bytes, wanted->length) == 0 && text[wanted->length] == '\0';
}

const char *strpool_put(struct strpool *pool, const char *bytes, size_t length)
{
    struct strpool_key key = {length != 0 ? bytes : "", 0};
    key.length = strnlen(key.bytes, length);
    uint64_t hash = idmap_mix_bytes(1, key.bytes, key.length);
    uint32_t id = idmap_find(&pool->index, hash, strpool_equal, pool, &key);
    if (id == 0) {
        *VEC_PUSH(&pool->texts) = xalloc_text(key.bytes, key.length);
        id = (uint32_t)pool->texts.count;
        idmap_add(&pool->index, hash, id);
    }
    return pool->texts.items[id - 1];
}

void strpool_free(struct strpool *pool)
{
    for (size_t i = 0; i < pool->texts.count; i++) {
        free(pool->texts.items[i]);
    }
    VEC_FREE(&pool->texts);
    idmap_free(&pool->index);
}
