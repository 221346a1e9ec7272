/* SPDX-License-Identifier: MIT
 *
 * A signal mask outlives exec. Whether the program before meant to block the signal or we did is
 * told by a second one that no kernel sends and no program blocks without blocking all of them.
 */
#include "signals/exec_mask.h"

#include <signal.h>

#include "base/sys.h"
#include "guard/guard.h"
#include "heap/heap.h"
#include "leak/leak.h"

#define MARKER SIGSTKFLT
#define FEW    31 /* signals: with more the program has blocked all, and ours is none of them */

static uint64_t both(void)
{
    return (uint64_t)1 << (MARKER - 1) | (uint64_t)1 << (leak_stop_signal() - 1);
}

static bool has_few(uint64_t mask)
{
    return __builtin_popcountll(mask) <= FEW;
}

struct exec_mask exec_mask_set(bool guarded)
{
    struct exec_mask mask = {0};
    uint64_t wanted = both();
    if (!guard.hooked || heap_in_sandbox())
        return mask;
    /* A child of vfork() has its parent's memory, where others may go on. */
    mask.held = sys_getpid() == guard.pid;
    if (mask.held)
        leak_hold();
    sys_sigmask(SIG_BLOCK, NULL, &mask.before);
    mask.changed = guarded && has_few(mask.before) && !(mask.before & wanted);
    if (mask.changed)
        sys_sigmask(SIG_BLOCK, &wanted, NULL);
    return mask;
}

void exec_mask_reset(const struct exec_mask *mask)
{
    if (mask->changed)
        sys_sigmask(SIG_SETMASK, &mask->before, NULL);
    if (mask->held)
        leak_let_go();
}

void exec_mask_begin(void)
{
    uint64_t mask = 0, ours = both();
    sys_sigmask(SIG_BLOCK, NULL, &mask);
    if (has_few(mask & ~ours) && (mask & ours) == ours)
        sys_sigmask(SIG_UNBLOCK, &ours, NULL);
}
