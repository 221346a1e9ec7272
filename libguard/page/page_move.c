/* SPDX-License-Identifier: MIT
 *
 * userfaultfd(2). The reservation is registered for missing pages with UFFD_FEATURE_SIGBUS: a page
 * that was never populated, or was emptied, raises SIGBUS when touched and costs nothing while it
 * is not. UFFDIO_MOVE takes the page of a freed block and puts it where the next block will be,
 * which revokes the one and populates the other in a single call, without copying or zeroing.
 *
 * What the kernel asks for (Documentation/admin-guide/mm/userfaultfd.rst, ioctl_userfaultfd(2)):
 *   - a forked child loses the registration, and the descriptor it inherits acts on the parent: it
 * opens one of its own;
 *   - pages shared with a child after fork answer EBUSY, locked or protected ones EINVAL: those are
 * emptied with madvise instead, which revokes as well;
 *   - when the last descriptor is closed, all is unregistered without a word: EBADF or ENOTTY mean
 * that the program took the number, and everything is registered anew.
 */
#include "page/page_move.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "base/bits.h"
#include "base/notice.h"
#include "base/sys.h"
#include "mmtrace.h"
#include "page/backend.h"

/* Headers of Debian 12 lack these. */
#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif
#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED 24
#endif

#define COPY_PAGES 32

_Atomic int page_move_fd = -1;

/* More than there are arenas that can be made shorter, each at its end. */
#define HOLES 32

static struct {
    void *base;
    size_t length;
    struct hole {
        _Atomic uintptr_t start, end; /* the end is 0 as long as it does not count */
    } holes[HOLES];
} uffd;

static const char zeros[COPY_PAGES * 4096] __attribute__((aligned(4096)));

int page_move_descriptor(void)
{
    return atomic_load_explicit(&page_move_fd, memory_order_relaxed);
}

static long control(int fd, unsigned long request, void *argument)
{
    return sys_call3(SYS_ioctl, fd, (long)request, (long)argument);
}

/* A number that programs do not use by habit: below the limit, and not so high that the table of
 * descriptors must grow much. */
static int unusual_number(void)
{
    struct rlimit limit = {256, 256};
    sys_call4(SYS_prlimit64, 0, RLIMIT_NOFILE, 0, (long)&limit);
    size_t top = min_size(limit.rlim_cur, 1024);
    return top > 32 ? (int)top - 24 : 3;
}

static int open_descriptor(void)
{
    long fd = sys_call3(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY, 0, 0);
    if (sys_failed(fd))
        return (int)fd;
    struct uffdio_api api = {.api = UFFD_API, .features = UFFD_FEATURE_SIGBUS | UFFD_FEATURE_MOVE};
    long result = control((int)fd, UFFDIO_API, &api);
    if (sys_failed(result)) {
        sys_close((int)fd);
        return (int)result;
    }
    long moved = sys_call3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, unusual_number());
    if (sys_failed(moved))
        return (int)fd;
    sys_close((int)fd);
    return (int)moved;
}

static int register_range(int fd, void *address, size_t length)
{
    struct uffdio_register request = {
        .range = {(uintptr_t)address, length},
        .mode = UFFDIO_REGISTER_MODE_MISSING,
    };
    return (int)control(fd, UFFDIO_REGISTER, &request);
}

/* The lowest hole that ends above `address`, cut at it; an empty one at `end` if there is none. */
static void next_hole(uintptr_t address, uintptr_t end, uintptr_t *hole, uintptr_t *hole_end)
{
    *hole = *hole_end = end;
    for (int i = 0; i < HOLES; i++) {
        uintptr_t from = atomic_load(&uffd.holes[i].start), to = atomic_load(&uffd.holes[i].end);
        if (from < *hole && to > address) {
            *hole = from > address ? from : address;
            *hole_end = to;
        }
    }
}

/* All of the reservation but its holes: what lies there by now may be the program's. */
static int register_ours(int fd)
{
    uintptr_t at = (uintptr_t)uffd.base, end = at + uffd.length, hole, hole_end;
    int result = 0;
    for (; at < end && !result; at = hole_end) {
        next_hole(at, end, &hole, &hole_end);
        if (hole > at)
            result = register_range(fd, (void *)at, hole - at);
    }
    return result;
}

static int register_all(void)
{
    int fd = open_descriptor();
    if (fd < 0)
        return fd;
    int result = register_ours(fd);
    if (result) {
        sys_close(fd);
        return result;
    }
    atomic_store(&page_move_fd, fd);
    return 0;
}

/* Whether the descriptor is a userfaultfd: only that reads what it is given, which is nothing. */
static bool is_open(void)
{
    return control(page_move_descriptor(), UFFDIO_API, NULL) == -EFAULT;
}

/* After an ioctl failed with `error`: true if it may be tried again, because the descriptor has got
 * another number meanwhile, or had been closed behind our back and everything is registered anew.
 */
static bool mended(long error)
{
    if (error != -EBADF && error != -ENOTTY)
        return false;
    if (is_open())
        return true;
    notice_once(
        MMT_NOTE_DEGRADED,
        "the program closed libguard's descriptor; for a moment freed blocks were accessible");
    return register_all() == 0;
}

static int empty(void *address, size_t length)
{
    long result = sys_advise(address, length, MADV_DONTNEED);
    if (result == -EINVAL) /* locked by mlock or mlockall */
        result = sys_advise(address, length, MADV_DONTNEED_LOCKED);
    return (int)result;
}

static int move_attach(void *address, size_t length)
{
    uffd.base = address;
    uffd.length = length;
    sys_advise(address, length, MADV_NOHUGEPAGE);
    return register_all();
}

/* An arena that gets still shorter has one hole that grows downwards. */
static void move_detach(void *address, size_t length)
{
    uintptr_t start = (uintptr_t)address, end = start + length;
    for (int i = 0; i < HOLES; i++) {
        uintptr_t there = 0;
        if (atomic_compare_exchange_strong(&uffd.holes[i].start, &there, start)) {
            atomic_store(&uffd.holes[i].end, end);
            return;
        }
        if (there == end) {
            atomic_store(&uffd.holes[i].start, start);
            return;
        }
    }
}

static int move_prepare(void *address, size_t length)
{
    return (int)sys_protect(address, length, PROT_READ | PROT_WRITE);
}

/* Populates with real pages at once: the block is going to be written. */
static int move_commit(void *address, size_t length)
{
    char *next = address;
    while (length) {
        struct uffdio_copy copy = {
            .dst = (uintptr_t)next,
            .src = (uintptr_t)zeros,
            .len = min_size(length, sizeof(zeros)),
            .mode = UFFDIO_COPY_MODE_DONTWAKE,
        };
        long result =
            control(atomic_load_explicit(&page_move_fd, memory_order_relaxed), UFFDIO_COPY, &copy);
        size_t done = copy.copy > 0 ? (size_t)copy.copy : 0;
        if (!result)
            done = copy.len;
        if (result && result != -EAGAIN && !mended(result)) {
            if (next != (char *)address)
                empty(address, (size_t)(next - (char *)address));
            return (int)result;
        }
        next += done;
        length -= done;
    }
    return 0;
}

static int move_revoke(void *address, size_t length)
{
    return empty(address, length);
}

static int move_revoke_many(const struct iovec *ranges, size_t count)
{
    return page_advise_many(ranges, count, MADV_DONTNEED);
}

NOINLINE int page_move_failed(struct uffdio_move *request, long error)
{
    while ((error == -EAGAIN && request->move <= 0) || mended(error)) {
        request->move = 0;
        error = control(atomic_load_explicit(&page_move_fd, memory_order_relaxed), UFFDIO_MOVE,
                        request);
        if (!error)
            return 0;
    }
    if (request->move > 0) {
        struct uffdio_move back = {.dst = request->src,
                                   .src = request->dst,
                                   .len = (uint64_t)request->move,
                                   .mode = MOVE_DONTWAKE};
        if (control(atomic_load_explicit(&page_move_fd, memory_order_relaxed), UFFDIO_MOVE, &back))
            return PAGE_MOVE_TORN;
    }
    return (int)error;
}

void page_move_give_up(uintptr_t from, uintptr_t to, size_t length)
{
    empty((void *)from, length);
    empty((void *)to, length);
}

/* A whole page table that is empty is given back by emptying its range once more. */
static void move_retire(void *address, size_t length)
{
    empty(address, length);
}

static int move_after_fork(void)
{
    int inherited = atomic_exchange(&page_move_fd, -1);
    if (inherited >= 0)
        sys_close(inherited);
    return uffd.base ? register_all() : 0;
}

/* To the number below, and from there back up: a program that closes one number after the other
 * comes by twice at most. */
int page_move_relocate(void)
{
    int fd = page_move_descriptor(), usual = unusual_number();
    int lowest = fd < usual ? usual : fd > 3 ? fd - 1 : 3;
    long moved = sys_call3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, lowest);
    if (moved == -EINVAL || moved == -EMFILE)
        moved = sys_call3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3);
    if (!sys_failed(moved))
        atomic_store(&page_move_fd, (int)moved);
    return (int)moved;
}

static int probe_pages(char *pages)
{
    int result = move_prepare(pages, 2 * PAGE_SIZE);
    if (result)
        return result;
    if (!page_faults(pages))
        return -ENOSYS;
    result = move_commit(pages, PAGE_SIZE);
    if (result)
        return result;
    *(volatile char *)pages = 7;
    result = page_move_pages((uintptr_t)pages, (uintptr_t)pages + PAGE_SIZE, PAGE_SIZE);
    if (result)
        return result;
    if (!page_faults(pages) || *(volatile char *)(pages + PAGE_SIZE) != 7)
        return -ENOSYS;
    result = move_revoke(pages + PAGE_SIZE, PAGE_SIZE);
    return result ? result : page_faults(pages + PAGE_SIZE) ? 0 : -ENOSYS;
}

static int move_probe(void)
{
    char *pages = sys_map(NULL, 2 * PAGE_SIZE, PROT_NONE, 0);
    if (!pages)
        return -ENOMEM;
    int result = move_attach(pages, 2 * PAGE_SIZE);
    if (!result)
        result = probe_pages(pages);
    int fd = atomic_exchange(&page_move_fd, -1);
    if (fd >= 0)
        sys_close(fd);
    uffd.base = NULL;
    sys_unmap(pages, 2 * PAGE_SIZE);
    return result;
}

const struct page_backend page_move = {
    .name = "move",
    .probe = move_probe,
    .attach = move_attach,
    .detach = move_detach,
    .prepare = move_prepare,
    .commit = move_commit,
    .revoke = move_revoke,
    .revoke_many = move_revoke_many,
    .moves = true,
    .retire = move_retire,
    .after_fork = move_after_fork,
    .segment = (size_t)1 << 30,
    .guards = true,
};
