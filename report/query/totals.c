/* SPDX-License-Identifier: MIT */
#include "query/totals.h"

#include <string.h>

static void totals_add_counters(struct mmt_counters *sum, const struct mmt_counters *one)
{
    sum->allocations = profile_add(sum->allocations, one->allocations);
    sum->frees = profile_add(sum->frees, one->frees);
    sum->bytes_allocated = profile_add(sum->bytes_allocated, one->bytes_allocated);
    sum->blocks_live = profile_add(sum->blocks_live, one->blocks_live);
    sum->bytes_live = profile_add(sum->bytes_live, one->bytes_live);
    sum->blocks_unguarded = profile_add(sum->blocks_unguarded, one->blocks_unguarded);
    sum->own_bytes = profile_add(sum->own_bytes, one->own_bytes);
    sum->findings = profile_add(sum->findings, one->findings);
    sum->findings_dropped = profile_add(sum->findings_dropped, one->findings_dropped);
}

static void totals_add_process(struct totals *totals, const struct profile *profile, uint32_t index)
{
    const struct process *process = &profile->processes.items[index];
    const struct mmt_leak_check *check = &process->leak_check;
    uint64_t found = 0;
    for (size_t i = 0; i < profile->findings.count; i++) {
        found += profile->findings.items[i].process == index;
    }
    totals->processes++;
    totals->incomplete |= process->incomplete;
    if (process->has_counters) {
        totals_add_counters(&totals->counters, &process->counters);
        /* Findings beyond the limit have no record, only a count. */
        uint64_t counted = process->counters.findings;
        found = counted > found ? counted : found;
    }
    totals->errors = profile_add(totals->errors, found);
    if (process->has_leak_check && check->status == MMT_LEAK_DONE) {
        totals->searched++;
    } else {
        totals->incomplete |= process->has_leak_check && check->status == MMT_LEAK_FAILED;
    }
}

void totals_sum(struct totals *totals, const struct profile *profile, uint32_t process)
{
    memset(totals, 0, sizeof *totals);
    for (uint32_t i = 0; i < profile->processes.count; i++) {
        if (process == TOTALS_ALL || process == i) {
            totals_add_process(totals, profile, i);
        }
    }
    for (size_t i = 0; i < profile->leaks.count; i++) {
        const struct leak *leak = &profile->leaks.items[i];
        if (process == TOTALS_ALL || process == leak->process) {
            uint64_t *blocks = &totals->leak_blocks[leak->record.kind];
            uint64_t *bytes = &totals->leak_bytes[leak->record.kind];
            *blocks = profile_add(*blocks, leak->record.blocks);
            *bytes = profile_add(*bytes, leak->record.bytes);
        }
    }
    for (size_t i = 0; i < profile->notes.count; i++) {
        const struct note *note = &profile->notes.items[i];
        if (process == TOTALS_ALL || process == note->process) {
            totals->incomplete |= note->severity >= MMT_NOTE_INCOMPLETE;
        }
    }
    totals->incomplete |= process == TOTALS_ALL && profile->incomplete;
}

static uint64_t totals_pick(const uint64_t *sums, unsigned kinds)
{
    uint64_t sum = 0;
    for (unsigned kind = 0; kind < MMT_LEAK_KINDS; kind++) {
        if ((kinds >> kind & 1) != 0) {
            sum = profile_add(sum, sums[kind]);
        }
    }
    return sum;
}

uint64_t totals_leak_blocks(const struct totals *totals, unsigned kinds)
{
    return totals_pick(totals->leak_blocks, kinds);
}

uint64_t totals_leak_bytes(const struct totals *totals, unsigned kinds)
{
    return totals_pick(totals->leak_bytes, kinds);
}
