/* SPDX-License-Identifier: MIT */
#include "page/backend.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>

#include "base/bits.h"
#include "base/data_limit.h"
#include "base/probe.h"
#include "base/sys.h"

bool page_faults(const void *address)
{
    /* A write of one byte from `address` into a pipe or file would tell as well, but needs a
     * descriptor. rt_sigprocmask reads the set before it looks at anything else, and an invalid
     * `how` makes sure that nothing changes: EFAULT if the set cannot be read, EINVAL if it can. */
    long result = sys_call4(SYS_rt_sigprocmask, 0x7fff, (long)address, 0, 8);
    return result == -EFAULT;
}

/* What counts as data where that is limited. */
static struct {
    uintptr_t start, end;
} counted;

void *page_map_afresh(void *address, size_t length)
{
    int flag = data_uncounted_flag();
    if (unlikely(flag) && (uintptr_t)address >= counted.start && (uintptr_t)address < counted.end)
        flag = 0;
    return sys_map(address, length, PROT_NONE, MAP_FIXED | flag);
}

void page_retire_afresh(void *address, size_t length)
{
    page_map_afresh(address, length);
}

void page_count_from(void *start, void *end)
{
    counted.start = (uintptr_t)start;
    counted.end = (uintptr_t)end;
    if (data_uncounted_flag())
        page_map_afresh(start, (size_t)((char *)end - (char *)start));
}

int page_advise_many(const struct iovec *ranges, size_t count, int advice)
{
    size_t wanted = 0;
    for (size_t i = 0; i < count; i++)
        wanted += ranges[i].iov_len;
    long self = sys_call3(SYS_pidfd_open, sys_getpid(), 0, 0);
    if (sys_failed(self))
        return (int)self;
    long done = sys_call6(SYS_process_madvise, self, (long)ranges, (long)count, advice, 0, 0);
    sys_close((int)self);
    return sys_failed(done) ? (int)done : (size_t)done == wanted ? 0 : -EAGAIN;
}

bool page_denies(const void *address, bool write)
{
    return page_faults(address) || (write && !probe_writable((uintptr_t)address));
}

bool page_make_writable(const void *start, const void *end)
{
    const char *first = (const char *)align_down((uintptr_t)start, PAGE_SIZE);
    const char *at = start;
    while (at < (const char *)end && probe_writable((uintptr_t)at))
        at = (const char *)align_down((uintptr_t)at, PAGE_SIZE) + PAGE_SIZE;
    if (at >= (const char *)end)
        return true;
    size_t length = align_up((size_t)((const char *)end - first), PAGE_SIZE);
    return !sys_failed(sys_protect((void *)first, length, PROT_READ | PROT_WRITE));
}

int page_open(const struct page_backend *backend, void *page, bool write)
{
    backend->commit(page, PAGE_SIZE);
    /* In a stretch that is not prepared, or was mapped afresh, or the program protected it. */
    if (page_denies(page, write))
        sys_protect(page, PAGE_SIZE, PROT_READ | PROT_WRITE);
    if (page_denies(page, write))
        backend->commit(page, PAGE_SIZE);
    return page_denies(page, write) ? -EFAULT : 0;
}

/* Between what runtimes ask for by address (the Z collector of Java up to 20 TiB, Go and others
 * below) and where the kernel puts programs, from 85 TiB on. It differs from run to run as the
 * addresses of libraries do. */
#define WELL_FROM ((uintptr_t)41 << 39)
#define WELL_TO   ((uintptr_t)85 << 40)

static char *well_placed(size_t length)
{
    uintptr_t gigabytes = (uintptr_t)page_reserve >> PAGE_SHIFT & 0xfff;
    uintptr_t start = WELL_FROM + (gigabytes << 30);
    if (length > WELL_TO - start)
        return NULL;
    char *mapped =
        sys_map((void *)start, length, PROT_NONE, MAP_FIXED_NOREPLACE | data_uncounted_flag());
    if (mapped && (uintptr_t)mapped != start) { /* before Linux 4.17 it is a hint */
        sys_unmap(mapped, length);
        return NULL;
    }
    return mapped;
}

void *page_reserve(size_t length, size_t alignment)
{
    char *start = well_placed(length + alignment);
    if (!start)
        start = sys_map(NULL, length + alignment, PROT_NONE, data_uncounted_flag());
    if (!start)
        return NULL;
    char *aligned = (char *)align_up((uintptr_t)start, alignment);
    if (aligned != start)
        sys_unmap(start, (size_t)(aligned - start));
    sys_unmap(aligned + length, (size_t)(start + alignment - aligned));
    if (data_uncounted_flag()) /* what would grow otherwise: see data_limit.h */
        sys_map(aligned, PAGE_SIZE, PROT_NONE, MAP_FIXED);
    return aligned;
}
