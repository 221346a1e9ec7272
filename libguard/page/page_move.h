/* SPDX-License-Identifier: MIT
 *
 * The one operation of page_move that a pair of malloc and free cannot do without, where it can be
 * compiled into its caller: what runs after a system call runs with cold branch prediction, and
 * each return to a caller costs.
 */
#ifndef PAGE_PAGE_MOVE_H
#define PAGE_PAGE_MOVE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include <linux/userfaultfd.h>

#include "base/bits.h"
#include "base/sys.h"

/* Headers of Debian 12 lack these. */
#ifndef UFFDIO_MOVE
struct uffdio_move {
    uint64_t dst, src, len, mode;
    int64_t move;
};
#define UFFDIO_MOVE       _IOWR(UFFDIO, 0x05, struct uffdio_move)
#define UFFD_FEATURE_MOVE (1 << 16)
#endif
#define MOVE_DONTWAKE 1

#define PAGE_MOVE_TORN 1

/* The descriptor; -1 if there is none. */
extern _Atomic int page_move_fd __attribute__((visibility("hidden")));

/* What page_move_pages() does when the kernel answers `error`. */
int page_move_failed(struct uffdio_move *request, long error);

/* Revokes both after page_move_pages() failed. */
void page_move_give_up(uintptr_t from, uintptr_t to, size_t length);

/* Revokes `from` and commits `to`, which was never committed, in one step; `to` then has the
 * contents of `from`. 0, or -errno: nothing was moved, or PAGE_MOVE_TORN: a part was, and could not
 * be moved back. */
static inline int page_move_pages(uintptr_t from, uintptr_t to, size_t length)
{
    struct uffdio_move request = {.dst = to, .src = from, .len = length, .mode = MOVE_DONTWAKE};
    long result = sys_call3(SYS_ioctl, atomic_load_explicit(&page_move_fd, memory_order_relaxed),
                            (long)UFFDIO_MOVE, (long)&request);
    return likely(!result) ? 0 : page_move_failed(&request, result);
}

#endif
