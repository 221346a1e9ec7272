/* SPDX-License-Identifier: MIT */
#include "guard/aftermath.h"

#include "diag/findings.h"
#include "guard/guard.h"
#include "guard/upward.h"

bool aftermath_record(struct mmt_finding *finding, const char *call, const char *where)
{
    finding->thread = guard_enter()->info->id;
    if (finding->flags & MMT_FINDING_BLOCK && thread_is_inherited(finding->alloc_thread))
        finding->flags |= MMT_FINDING_INHERITED;
    return findings_enter(finding, call, where, &guard.process);
}

void aftermath_enter(struct mmt_finding *finding, const char *call, const char *where)
{
    if (aftermath_record(finding, call, where))
        guard_upward.act_on_error(finding);
}

bool aftermath_first_access(struct mmt_finding *finding, struct block *record)
{
    if (!record)
        return true;
    bool first = !(record->flags & BLOCK_REPORTED);
    record->flags |=
        finding->direction == MMT_DIRECTION_WRITE ? BLOCK_REPORTED | BLOCK_WRITTEN : BLOCK_REPORTED;
    if (!first)
        findings_count_again(finding);
    return first;
}
