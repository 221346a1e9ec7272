/* SPDX-License-Identifier: MIT */
#include "base/data_limit.h"

#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "base/bits.h"
#include "base/sys.h"

static _Atomic uint64_t known; /* 0: not asked yet */

uint64_t data_limit(void)
{
    uint64_t value = atomic_load_explicit(&known, memory_order_relaxed);
    if (likely(value))
        return value;
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    sys_call4(SYS_prlimit64, 0, RLIMIT_DATA, 0, (long)&limit);
    value = limit.rlim_cur == RLIM_INFINITY ? UINT64_MAX : max_size(limit.rlim_cur, 1);
    atomic_store_explicit(&known, value, memory_order_relaxed);
    return value;
}

int data_uncounted_flag(void)
{
    return data_limit() == UINT64_MAX ? 0 : MAP_GROWSDOWN;
}

void *data_map_uncounted(size_t length)
{
    int flag = data_uncounted_flag();
    if (likely(!flag))
        return sys_map(NULL, length, PROT_READ | PROT_WRITE, 0);
    char *below = sys_map(NULL, PAGE_SIZE + length, PROT_NONE, 0);
    if (!below)
        return NULL;
    if (sys_map(below + PAGE_SIZE, length, PROT_READ | PROT_WRITE, MAP_FIXED | flag))
        return below + PAGE_SIZE;
    sys_unmap(below, PAGE_SIZE + length);
    return NULL;
}

void data_unmap_uncounted(void *memory, size_t length)
{
    size_t below = data_uncounted_flag() ? PAGE_SIZE : 0;
    sys_unmap((char *)memory - below, length + below);
}
