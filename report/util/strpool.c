/* SPDX-License-Identifier: MIT */
#include "util/strpool.h"

#include <string.h>

#define STRPOOL_BLOCK 65536u

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

/* Copies a text into a block with others. */
static const char *strpool_copy(struct strpool *pool, const char *bytes, size_t length)
{
    if (length >= pool->left) {
        size_t size = length < STRPOOL_BLOCK / 8 ? STRPOOL_BLOCK : length + 1;
        char *block = xalloc(size);
        *VEC_PUSH(&pool->blocks) = block;
        if (size != STRPOOL_BLOCK) {
            memcpy(block, bytes, length);
            block[length] = '\0';
            return block;
        }
        pool->room = block;
        pool->left = size;
    }
    char *copy = pool->room;
    memcpy(copy, bytes, length);
    copy[length] = '\0';
    pool->room += length + 1;
    pool->left -= length + 1;
    return copy;
}

static uint32_t strpool_intern(struct strpool *pool, const struct strpool_key *key, bool held)
{
    uint64_t hash = idmap_mix_bytes(1, key->bytes, key->length);
    uint32_t id = idmap_find(&pool->index, hash, strpool_equal, pool, key);
    if (id == 0) {
        *VEC_PUSH(&pool->texts) = held ? key->bytes : strpool_copy(pool, key->bytes, key->length);
        id = (uint32_t)pool->texts.count;
        idmap_add(&pool->index, hash, id);
    }
    return id;
}

uint32_t strpool_put_id(struct strpool *pool, const char *bytes, size_t length)
{
    struct strpool_key key = {length != 0 ? bytes : "", 0};
    key.length = strnlen(key.bytes, length);
    return strpool_intern(pool, &key, false);
}

const char *strpool_put(struct strpool *pool, const char *bytes, size_t length)
{
    uint32_t id = strpool_put_id(pool, bytes, length);
    return pool->texts.items[id - 1];
}

const char *strpool_put_held(struct strpool *pool, const char *text, size_t length)
{
    uint32_t id = strpool_intern(pool, &(struct strpool_key){text, length}, true);
    return pool->texts.items[id - 1];
}

void strpool_hold(struct strpool *pool, char *block)
{
    if (block != NULL)
        *VEC_PUSH(&pool->blocks) = block;
}

void strpool_free(struct strpool *pool)
{
    for (size_t i = 0; i < pool->blocks.count; i++)
        free(pool->blocks.items[i]);
    VEC_FREE(&pool->blocks);
    VEC_FREE(&pool->texts);
    idmap_free(&pool->index);
    pool->room = NULL;
    pool->left = 0;
}
