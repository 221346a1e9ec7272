/* SPDX-License-Identifier: MIT */
#include "query/changes.h"

#include "model/catalog.h"
#include "query/fingerprint.h"

#include <string.h>

enum changes_status changes_status(const struct change *change)
{
    const uint64_t *bytes = change->bytes, *blocks = change->blocks;
    if ((bytes[0] | blocks[0]) == 0)
        return CHANGES_NEW;
    if ((bytes[1] | blocks[1]) == 0)
        return CHANGES_GONE;
    if (bytes[0] != bytes[1])
        return bytes[1] > bytes[0] ? CHANGES_GROWN : CHANGES_SHRUNK;
    return blocks[0] == blocks[1]  ? CHANGES_SAME
           : blocks[1] > blocks[0] ? CHANGES_GROWN
                                   : CHANGES_SHRUNK;
}

const char *changes_word(enum changes_status status)
{
    static const char *const words[] = {"new", "grown", "shrunk", "gone", "same"};
    return words[status];
}

static uint64_t changes_size(const struct change *change)
{
    return change->bytes[0] > change->bytes[1] ? change->bytes[0] - change->bytes[1]
                                               : change->bytes[1] - change->bytes[0];
}

static int changes_order(const void *left, const void *right)
{
    const struct change *a = left, *b = right;
    enum changes_status one = changes_status(a), other = changes_status(b);
    if (one != other)
        return one < other ? -1 : 1;
    if (changes_size(a) != changes_size(b))
        return changes_size(a) > changes_size(b) ? -1 : 1;
    return strcmp(a->text, b->text);
}

static bool changes_equal(const void *context, uint32_t id, const void *key)
{
    return ((const struct changes *)context)->items.items[id - 1].text == key;
}

static struct change *changes_put(struct changes *changes, struct idmap *index, const char *text,
                                  uint32_t kind)
{
    const char *interned = strpool_put(&changes->strings, text, strlen(text));
    uint64_t hash = idmap_mix(8, (uintptr_t)interned);
    uint32_t id = idmap_find(index, hash, changes_equal, changes, interned);
    if (id == 0) {
        *VEC_PUSH(&changes->items) =
            (struct change){.text = interned, .hash = fingerprint_hash(text), .kind = kind};
        id = (uint32_t)changes->items.count;
        idmap_add(index, hash, id);
    }
    return &changes->items.items[id - 1];
}

static void changes_add(struct change *change, const struct leak *leak, bool after)
{
    const struct mmt_leak *record = &leak->record;
    bool first_after = after && (change->bytes[1] | change->blocks[1]) == 0;
    bool none_after = (change->bytes[1] | change->blocks[1]) == 0;
    if (first_after ||
        ((after || none_after) && (record->bytes > change->stack_bytes || change->stack == 0))) {
        change->stack = record->stack;
        change->stack_bytes = record->bytes;
    }
    change->bytes[after] = profile_add(change->bytes[after], record->bytes);
    change->blocks[after] = profile_add(change->blocks[after], record->blocks);
}

void changes_find(struct changes *changes, const struct profile *profile, unsigned kinds,
                  uint32_t split, struct paths *paths)
{
    struct idmap index = {0};
    struct textbuf text = {0};
    memset(changes, 0, sizeof *changes);
    for (size_t i = 0; i < profile->leaks.count; i++) {
        const struct leak *leak = &profile->leaks.items[i];
        if ((kinds >> leak->record.kind & 1) == 0 ||
            (paths != NULL && !paths_make(paths, leak->record.stack)))
            continue;
        textbuf_clear(&text);
        fingerprint_put(&text, profile, catalog_leak_kind(leak->record.kind), leak->record.stack);
        changes_add(changes_put(changes, &index, textbuf_text(&text), leak->record.kind), leak,
                    leak->process >= split);
    }
    if (changes->items.count != 0) {
        qsort(changes->items.items, changes->items.count, sizeof *changes->items.items,
              changes_order);
    }
    textbuf_free(&text);
    idmap_free(&index);
}

void changes_free(struct changes *changes)
{
    strpool_free(&changes->strings);
    VEC_FREE(&changes->items);
}
