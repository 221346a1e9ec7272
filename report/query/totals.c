/* SPDX-License-Identifier: MIT */
#include "query/totals.h"

#include "query/unsearched.h"

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

/* What the process itself says, after its records were counted. */
static void totals_of_process(struct totals *totals, const struct process *process)
{
    totals->processes = 1;
    totals->incomplete |= process->incomplete;
    totals->errors = totals->recorded;
    totals->suppressed_errors = process->suppressed_errors;
    totals->suppressed_blocks = process->suppressed_blocks;
    totals->suppressed_bytes = process->suppressed_bytes;
    totals->builtin_blocks = process->builtin_blocks;
    totals->builtin_bytes = process->builtin_bytes;
    if (process->has_counters) {
        totals->counters = process->counters;
        /* Findings beyond the limit have no record, only a count. */
        if (process->counters.findings > totals->errors)
            totals->errors = process->counters.findings;
    }
    if (process->has_mark && process->mark.findings > totals->errors)
        totals->errors = process->mark.findings;
    if (process->has_leak_check && process->leak_check.status == MMT_LEAK_DONE) {
        totals->searched = 1;
    } else {
        totals->turned_off = unsearched_by_choice(process);
        totals->incomplete |=
            process->has_leak_check && process->leak_check.status == MMT_LEAK_FAILED;
    }
}

struct totals *totals_by_process(const struct profile *profile)
{
    size_t count = profile->processes.count;
    struct totals *all = xalloc_zeroed(count + 1, sizeof *all);
    for (size_t i = 0; i < profile->findings.count; i++) {
        const struct finding *finding = &profile->findings.items[i];
        uint32_t kind = finding->record.kind;
        struct totals *totals = &all[finding->process];
        totals->recorded++;
        totals->recorded_kinds[kind < TOTALS_ERROR_KINDS ? kind : TOTALS_ERROR_KINDS - 1]++;
    }
    for (size_t i = 0; i < profile->leaks.count; i++) {
        const struct leak *leak = &profile->leaks.items[i];
        uint64_t *blocks = &all[leak->process].leak_blocks[leak->record.kind];
        uint64_t *bytes = &all[leak->process].leak_bytes[leak->record.kind];
        *blocks = profile_add(*blocks, leak->record.blocks);
        *bytes = profile_add(*bytes, leak->record.bytes);
    }
    for (size_t i = 0; i < profile->notes.count; i++) {
        const struct note *note = &profile->notes.items[i];
        all[note->process].incomplete |= note->severity >= MMT_NOTE_INCOMPLETE;
    }
    for (size_t i = 0; i < count; i++)
        totals_of_process(&all[i], &profile->processes.items[i]);
    return all;
}

static void totals_add(struct totals *sum, const struct totals *one)
{
    sum->processes += one->processes;
    sum->searched += one->searched;
    sum->turned_off += one->turned_off;
    sum->incomplete |= one->incomplete;
    for (int kind = 0; kind < MMT_LEAK_KINDS; kind++) {
        sum->leak_blocks[kind] = profile_add(sum->leak_blocks[kind], one->leak_blocks[kind]);
        sum->leak_bytes[kind] = profile_add(sum->leak_bytes[kind], one->leak_bytes[kind]);
    }
    sum->errors = profile_add(sum->errors, one->errors);
    sum->recorded += one->recorded;
    sum->suppressed_errors += one->suppressed_errors;
    sum->suppressed_blocks = profile_add(sum->suppressed_blocks, one->suppressed_blocks);
    sum->suppressed_bytes = profile_add(sum->suppressed_bytes, one->suppressed_bytes);
    sum->builtin_blocks = profile_add(sum->builtin_blocks, one->builtin_blocks);
    sum->builtin_bytes = profile_add(sum->builtin_bytes, one->builtin_bytes);
    for (int kind = 0; kind < TOTALS_ERROR_KINDS; kind++)
        sum->recorded_kinds[kind] += one->recorded_kinds[kind];
    totals_add_counters(&sum->counters, &one->counters);
}

void totals_sum(struct totals *totals, const struct profile *profile, uint32_t process)
{
    struct totals *all = totals_by_process(profile);
    memset(totals, 0, sizeof *totals);
    for (uint32_t i = 0; i < profile->processes.count; i++)
        if (process == TOTALS_ALL || process == i)
            totals_add(totals, &all[i]);
    totals->incomplete |=
        process == TOTALS_ALL && (profile->incomplete || profile->lost_files != 0);
    free(all);
}

static uint64_t totals_pick(const uint64_t *sums, unsigned kinds)
{
    uint64_t sum = 0;
    for (unsigned kind = 0; kind < MMT_LEAK_KINDS; kind++)
        if ((kinds >> kind & 1) != 0)
            sum = profile_add(sum, sums[kind]);
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
