/* SPDX-License-Identifier: MIT */
#include "load/marks.h"

#include <stdlib.h>

/* Whether `other` is a trace of the process as it was when the mark was made. */
static bool marks_is_same(const struct process *mark, const struct process *other)
{
    return other->start_time == mark->start_time && other->ending != MMT_ENDING_EXEC;
}

/* Whether `other` tells of what became of the process after the exec. */
static bool marks_is_later(const struct process *mark, const struct process *other)
{
    return other->start_time >= mark->mark.time &&
           (!other->has_mark || other->start_time > mark->start_time);
}

static bool marks_is_told(const struct profile *profile, uint32_t first, uint32_t index)
{
    const struct process *mark = &profile->processes.items[index];
    for (uint32_t i = first; i < profile->processes.count; i++) {
        const struct process *other = &profile->processes.items[i];
        if (i == index || other->pid != mark->pid || other->snapshot != 0)
            continue;
        if (mark->mark.state == MMT_MARK_EXEC ? marks_is_later(mark, other)
                                              : !other->has_mark && marks_is_same(mark, other))
            return true;
    }
    return false;
}

void marks_settle(struct profile *profile, uint32_t first)
{
    bool *kept = xalloc_zeroed(profile->processes.count + 1, sizeof *kept);
    bool all = true;
    for (uint32_t i = 0; i < profile->processes.count; i++) {
        const struct process *process = &profile->processes.items[i];
        kept[i] =
            i < first || !process->has_mark ||
            (process->mark.state != MMT_MARK_ENDED &&
             (process->mark.flags & MMT_MARK_LEFT_OUT) == 0 && !marks_is_told(profile, first, i));
        all = all && kept[i];
    }
    if (!all)
        profile_keep_processes(profile, kept);
    free(kept);
}
