/* SPDX-License-Identifier: MIT
 *
 * The contract of the backends: how pages are made accessible and revoked.
 *
 * Address space comes from one reservation that starts out inaccessible. A backend prepares a
 * stretch of it once, then commits and revokes pages inside. All ranges are page-aligned. Every
 * function returns 0 or -errno, is signal-safe, takes no lock, and leaves the range as it was if it
 * fails. A page that was never committed, or was revoked, must fault when touched; a committed page
 * reads as zero until it is written.
 */
#ifndef PAGE_BACKEND_H
#define PAGE_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

struct page_backend {
    const char *name;
    /* Tries every operation on scratch pages and looks at the effect. 0 if the backend works in
     * this process. */
    int (*probe)(void);
    /* Once, before prepare(): the inaccessible reservation that all later ranges lie in. May be
     * NULL. */
    int (*attach)(void *address, size_t length);
    /* A stretch of the reservation is going to be unmapped: it is no longer ours. May be NULL. */
    void (*detach)(void *address, size_t length);
    /* Makes an inaccessible stretch of the reservation ready for commit(). */
    int (*prepare)(void *address, size_t length);
    int (*commit)(void *address, size_t length);
    int (*revoke)(void *address, size_t length);
    /* Revokes several ranges in one call, which interrupts other processors once instead of for
     * each. NULL: one at a time. */
    int (*revoke_many)(const struct iovec *ranges, size_t count);
    /* Gives back the page tables of a stretch whose pages are all revoked and will not be committed
     * again, but for page_open(). */
    void (*retire)(void *address, size_t length);
    /* In a forked child, before anything else of the backend. May be NULL. 0, or -errno: freed
     * blocks are accessible in this process. */
    int (*after_fork)(void);
    /* Whether little is left of what the backend needs of the kernel for each committed range.
     * NULL: it needs nothing. */
    bool (*crowded)(void);
    /* Bytes worth preparing at a time; a multiple of 2 MiB. */
    size_t segment;
    /* page_move_pages() works: cheaper than revoking one page and committing another. */
    bool moves;
    /* False for the one backend whose revoke() only empties pages and leaves them accessible. */
    bool guards;
};

extern const struct page_backend page_move; /* userfaultfd: UFFDIO_MOVE, Linux 6.8 and later */
extern const struct page_backend page_guard; /* madvise guard regions: Linux 6.13 and later */
extern const struct page_backend
    page_mprotect; /* a mapping a block; any Linux; limited by vm.max_map_count */
extern const struct page_backend page_unguarded; /* the last resort, when none can serve a block */

/* The descriptor that `page_move` keeps, which the program must not close; -1 if there is none.
 * page_move_relocate() gives it another number and returns that; the old number is closed by the
 * caller, by dup2() perhaps. -errno if that cannot be done. */
int page_move_descriptor(void);
int page_move_relocate(void);

/* For ranges that came to be committed, or ceased to be, without page_mprotect's doing. */
void page_mprotect_count(int ranges);

/* Makes one page accessible, whatever state it is in, so that a faulting instruction can go on,
 * which writes or only reads. 0 or -errno. */
int page_open(const struct page_backend *backend, void *page, bool write);

/* Whether touching the page at `address` faults; false if that cannot be found out. Signal-safe. */
bool page_faults(const void *address);

/* Whether a read or a write of the byte at `address` faults, which the program may have arranged as
 * well. */
bool page_denies(const void *address, bool write);

/* Lets pages be written to that the program has protected. */
bool page_make_writable(const void *start, const void *end);

/* madvise() of several ranges in one call. 0, or -errno if the kernel cannot; some ranges may have
 * been done. */
int page_advise_many(const struct iovec *ranges, size_t count, int advice);

/* Maps a stretch afresh, inaccessible, which gives back its page tables. NULL if the kernel
 * refuses.
 */
void *page_map_afresh(void *address, size_t length);
/* The same, as `retire` of most backends. */
void page_retire_afresh(void *address, size_t length);

/* Reserves inaccessible address space aligned to `alignment` (a power of two), or NULL. Where
 * writable memory is limited it does not count (data_limit.h), and the first page is not to be
 * used.
 */
void *page_reserve(size_t length, size_t alignment);

/* In this part of it, which is not in use yet, writable memory counts after all. */
void page_count_from(void *start, void *end);

#endif
