/* SPDX-License-Identifier: MIT */
#include "query/holders.h"

#include "util/idmap.h"

static bool holders_equal(const void *context, uint32_t id, const void *key)
{
    const struct leak *kept = &((const struct profile *)context)->leaks.items[id - 1];
    const struct leak *leak = key;
    return kept->process == leak->process && kept->record.kind == leak->record.kind &&
           kept->record.stack == leak->record.stack && kept->record.thread == leak->record.thread &&
           kept->record.function == leak->record.function;
}

void holders_forget(struct profile *profile)
{
    struct idmap index = {0};
    size_t kept = 0;
    for (size_t i = 0; i < profile->leaks.count; i++) {
        struct leak leak = profile->leaks.items[i];
        if (leak.record.kind == MMT_LEAK_INDIRECT) {
            leak.record.holder = 0;
            uint64_t hash = idmap_mix(idmap_mix(leak.process, leak.record.stack),
                                      leak.record.thread ^ (uint64_t)leak.record.function << 32);
            uint32_t id = idmap_find(&index, hash, holders_equal, profile, &leak);
            if (id != 0) {
                struct mmt_leak *sum = &profile->leaks.items[id - 1].record;
                sum->blocks = profile_add(sum->blocks, leak.record.blocks);
                sum->bytes = profile_add(sum->bytes, leak.record.bytes);
                continue;
            }
            idmap_add(&index, hash, (uint32_t)kept + 1);
        }
        profile->leaks.items[kept++] = leak;
    }
    profile->leaks.count = kept;
    idmap_free(&index);
}
