/* SPDX-License-Identifier: MIT */
#include "load/fold.h"

#include <inttypes.h>
#include <string.h>

bool fold_sites(struct fold *fold, struct cursor *payload)
{
    struct mmt_sites head;
    const uint8_t *elements;
    if (!fold_fields(payload, &head, sizeof head))
        return false;
    fold->profile->processes.items[fold->process].has_sites = true;
    if (head.count == 0)
        return true;
    uint64_t size = (payload->size - sizeof head) / head.count;
    if (size < MMT_SITE_LEAST) {
        return cursor_fail(payload, 0, "%" PRIu64 " sites in %" PRIu64 " bytes", head.count,
                           payload->size - sizeof head);
    }
    if (!cursor_array(payload, head.count, size, &elements, "sites"))
        return false;
    for (uint64_t i = 0; i < head.count; i++) {
        struct site site = {.process = fold->process};
        memcpy(&site.record, elements + i * size,
               size < sizeof site.record ? size : sizeof site.record);
        if (!fold_stack_id(fold, payload, &site.record.stack))
            return false;
        *VEC_PUSH(&fold->profile->sites) = site;
    }
    return true;
}
