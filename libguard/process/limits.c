/* SPDX-License-Identifier: MIT
 *
 * Limits of memory that the program sets for itself while it runs. What this library has mapped by
 * then counts in the kernel's books as the program's: RLIMIT_AS counts all that is reserved,
 * RLIMIT_DATA all that is writable, used or not, and nothing more could be mapped at all. So the
 * heap first gives up what it has reserved and never used, and the kernel is then told a limit that
 * is wider by what remains ours: the program can map as much as without us. It is told its own
 * limit when it asks, and a program that it becomes by exec gets that one; one that it starts by
 * posix_spawn() or system() gets the wider one.
 *
 * A program that was started under a limit of RLIMIT_DATA sets the kernel's own: nothing of ours
 * counts then (base/data_limit.h).
 *
 * The heap itself lies in what remains, which is bounded by a few times the limit. Where that
 * cannot be counted the kernel is told to limit nothing, or as little as it was told before.
 */
#include <errno.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "base/data_limit.h"
#include "base/maps.h"
#include "base/own_memory.h"
#include "base/probe.h"
#include "base/sys.h"
#include "calls/check_answer.h"
#include "guard/guard.h"
#include "heap/heap.h"
#include "process/limits.h"
#include "stack/capture.h"
#include "stack/depot.h"

/* For our tables to grow, a leak check among others. */
#define MARGIN ((uint64_t)64 << 20)

/* The heap keeps so many times the limit of address space: blocks take more of it than in a heap
 * without guards. */
#define ADDRESS_SPACE_KEPT 8

/* A limit below what is in use leaves a program what its heap has by then: as much as this one
 * does. */
#define LEAST_LIMIT ((rlim_t)16 << 20)

/* Limits set at the same moment by two threads may get mixed; they would overwrite each other
 * anyway. */
static struct {
    struct rlimit asked, given;
    volatile bool set;
} widened[RLIM_NLIMITS];

static int limits_result_of(long result, const struct rlimit64 *limit, struct rlimit64 *old)
{
    if (!sys_failed(result))
        return (int)result;
    errno = (int)-result;
    answer_again("prlimit", -1, ANSWER_IN, limit, sizeof(*limit));
    answer_again("prlimit", -1, ANSWER_OUT, old, sizeof(*old));
    return -1;
}

static void add_length(uintptr_t start, uintptr_t end, void *argument)
{
    *(uint64_t *)argument += end - start;
}

/* What the kernel counts of ours against `resource`. False if that cannot be found out: a sandbox
 * may kill for opening a file. */
static bool count_ours(int resource, uint64_t *count)
{
    struct maps_reader reader;
    struct maps_entry entry;
    uint64_t bytes = 0;
    if (heap_in_sandbox() || maps_open(&reader))
        return false;
    while (maps_next(&reader, &entry))
        if (heap_owns(entry.start) && (resource == RLIMIT_AS || (entry.writable && !entry.shared)))
            bytes += entry.end - entry.start;
    maps_close(&reader);
    own_each(add_length, &bytes);
    *count = bytes;
    return true;
}

static rlim_t wider(rlim_t limit, uint64_t by)
{
    return limit > RLIM_INFINITY - by ? RLIM_INFINITY : limit + by;
}

static long kernel_limit(int resource, const struct rlimit *limit, struct rlimit *old)
{
    return sys_call4(SYS_prlimit64, 0, resource, (long)limit, (long)old);
}

static NOINLINE void limits_make_room(int resource, rlim_t limit)
{
    stack_capture(STACK_START()); /* the depot is made for the first stack: now */
    if (resource == RLIMIT_AS) {
        limit = limit < LEAST_LIMIT ? LEAST_LIMIT : limit;
        heap_give_up_space(limit < SIZE_MAX / ADDRESS_SPACE_KEPT ? limit * ADDRESS_SPACE_KEPT
                                                                 : SIZE_MAX);
        depot_give_up_space(limit);
    } else {
        heap_limit_writable();
    }
}

/* `before` is the limit as the program knows it. */
static long set_widened(int resource, const struct rlimit *asked, const struct rlimit *before)
{
    if (asked->rlim_cur > asked->rlim_max)
        return -EINVAL;
    /* The kernel, which has a wider one, would allow it. */
    if (widened[resource].set && asked->rlim_max > before->rlim_max &&
        sys_call3(SYS_geteuid, 0, 0, 0) != 0)
        return -EPERM;
    if (asked->rlim_cur == RLIM_INFINITY) {
        long result = kernel_limit(resource, asked, NULL);
        widened[resource].set &= result != 0;
        return result;
    }
    if (!heap_in_sandbox())
        limits_make_room(resource, asked->rlim_cur);
    uint64_t ours = RLIM_INFINITY;
    if (count_ours(resource, &ours))
        ours += MARGIN;
    struct rlimit given = {wider(asked->rlim_cur, ours), wider(asked->rlim_max, ours)}, now;
    long result = kernel_limit(resource, &given, NULL);
    if (result == -EPERM && !kernel_limit(resource, NULL, &now) &&
        asked->rlim_max <= now.rlim_max) { /* as wide as may be */
        given.rlim_max = now.rlim_max;
        given.rlim_cur = given.rlim_cur < now.rlim_max ? given.rlim_cur : now.rlim_max;
        result = kernel_limit(resource, &given, NULL);
    }
    if (result)
        return result;
    widened[resource].asked = *asked;
    widened[resource].given = given;
    widened[resource].set = true;
    return 0;
}

/* Whether the kernel's limit is still the one that was given for what the program asked. */
static bool is_given(int resource, const struct rlimit *now)
{
    return widened[resource].set && now->rlim_cur == widened[resource].given.rlim_cur &&
           now->rlim_max == widened[resource].given.rlim_max;
}

/* A vfork child has limits of its own, but the heap is its parent's. */
static bool in_vfork_child(void)
{
    return sys_getpid() != guard.pid;
}

static long own_limit(int resource, const struct rlimit *limit, struct rlimit *old)
{
    if (resource == RLIMIT_AS || resource == RLIMIT_DATA)
        guard_enter();
    bool ours = resource == RLIMIT_AS || (resource == RLIMIT_DATA && !data_uncounted_flag());
    if (!ours || guard.passthrough)
        return kernel_limit(resource, limit, old);
    struct rlimit asked, before;
    /* It may be the memory of `old`, too. */
    if (limit && !probe_copy(&asked, limit, sizeof(asked)))
        return -EFAULT;
    long result = kernel_limit(resource, NULL, &before);
    if (!result && is_given(resource, &before))
        before = widened[resource].asked;
    if (!result && limit)
        result = in_vfork_child() ? kernel_limit(resource, &asked, NULL)
                                  : set_widened(resource, &asked, &before);
    /* Written by the kernel first, which answers EFAULT where there is no memory. */
    if (!result && old)
        result = kernel_limit(resource, NULL, old);
    if (!result && old)
        *old = before;
    return result;
}

/* struct rlimit and struct rlimit64 are the same here. */
EXPORT int prlimit64(pid_t pid, __rlimit_resource_t resource, const struct rlimit64 *limit,
                     struct rlimit64 *old)
{
    if (pid == 0 || pid == guard.pid)
        return limits_result_of(
            own_limit((int)resource, (const struct rlimit *)limit, (struct rlimit *)old), limit,
            old);
    return limits_result_of(sys_call4(SYS_prlimit64, pid, (long)resource, (long)limit, (long)old),
                            limit, old);
}

EXPORT int prlimit(pid_t pid, __rlimit_resource_t resource, const struct rlimit *limit,
                   struct rlimit *old)
{
    return prlimit64(pid, resource, (const struct rlimit64 *)limit, (struct rlimit64 *)old);
}

EXPORT int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
    return prlimit64(0, resource, (const struct rlimit64 *)limit, NULL);
}

EXPORT int setrlimit64(__rlimit_resource_t resource, const struct rlimit64 *limit)
{
    return prlimit64(0, resource, limit, NULL);
}

EXPORT int getrlimit(__rlimit_resource_t resource, struct rlimit *limit)
{
    return prlimit64(0, resource, NULL, (struct rlimit64 *)limit);
}

EXPORT int getrlimit64(__rlimit_resource_t resource, struct rlimit64 *limit)
{
    return prlimit64(0, resource, NULL, limit);
}

static const int memory_limits[] = {RLIMIT_AS, RLIMIT_DATA};

/* Upper limits stay wide: lowered, they could not be raised again if the exec fails. */
void limits_before_exec(void)
{
    struct rlimit now;
    for (unsigned i = 0; i < ARRAY_LENGTH(memory_limits); i++) {
        int resource = memory_limits[i];
        if (widened[resource].set && !kernel_limit(resource, NULL, &now) &&
            is_given(resource, &now)) {
            now.rlim_cur = widened[resource].asked.rlim_cur;
            kernel_limit(resource, &now, NULL);
        }
    }
}

/* Only what was lowered: the limit may have been set past us since, or never in this process. */
void limits_after_exec_failed(void)
{
    struct rlimit now;
    for (unsigned i = 0; i < ARRAY_LENGTH(memory_limits); i++) {
        int resource = memory_limits[i];
        if (widened[resource].set && !kernel_limit(resource, NULL, &now) &&
            now.rlim_cur == widened[resource].asked.rlim_cur &&
            now.rlim_max == widened[resource].given.rlim_max)
            kernel_limit(resource, &widened[resource].given, NULL);
    }
}
