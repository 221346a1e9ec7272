/* SPDX-License-Identifier: MIT */
#include "model/baseline.h"

#include <string.h>

void baseline_free(struct baseline *baseline)
{
    strpool_free(&baseline->strings);
    VEC_FREE(&baseline->entries);
    idmap_free(&baseline->index);
}

static bool baseline_equal(const void *context, uint32_t id, const void *key)
{
    const struct baseline *baseline = context;
    return baseline->entries.items[id - 1].fingerprint == *(const uint64_t *)key;
}

uint32_t baseline_find(const struct baseline *baseline, uint64_t fingerprint)
{
    return idmap_find(&baseline->index, idmap_mix(9, fingerprint), baseline_equal, baseline,
                      &fingerprint);
}

void baseline_put(struct baseline *baseline, const struct baseline_entry *entry)
{
    uint32_t id = baseline_find(baseline, entry->fingerprint);
    if (id != 0) {
        struct baseline_entry *old = &baseline->entries.items[id - 1];
        old->count = entry->count > old->count ? entry->count : old->count;
        old->bytes = entry->bytes > old->bytes ? entry->bytes : old->bytes;
        return;
    }
    struct baseline_entry copy = *entry;
    copy.kind = strpool_put(&baseline->strings, entry->kind, strlen(entry->kind));
    copy.path = strpool_put(&baseline->strings, entry->path, strlen(entry->path));
    *VEC_PUSH(&baseline->entries) = copy;
    idmap_add(&baseline->index, idmap_mix(9, entry->fingerprint),
              (uint32_t)baseline->entries.count);
}
