/* SPDX-License-Identifier: MIT
 *
 * The contract of the backends: how pages are made accessible and revoked.
 *
 * Address space comes from one reservation that starts out inaccessible. A backend prepares a stretch of it once, then commits
 * and revokes pages inside. All ranges are page-aligned. Every function returns 0 or -errno, is signal-safe, takes no lock, and leaves the range as
 * it was if it fails. A page that was never committed, or was revoked, must fault when touched; a committed page reads as zero
 * until it is written.
 */
#ifndef PAGE_BACKEND_H
#define PAGE_BACKEND_H

#include <stdbool.h>
#include <stddef.h>

struct page_backend {
    const char *name;
    /* Tries every operation on a scratch page and looks at the effect. 0 if the backend works in this process. */
    int (*probe)(void);
    /* Makes an inaccessible stretch of the reservation ready for commit(). */
    int (*prepare)(void *address, size_t length);
    int (*commit)(void *address, size_t length);
    int (*revoke)(void *address, size_t length);
    /* False for the one backend whose revoke() only empties pages and leaves them accessible. */
    bool guards;
};

extern const struct page_backend page_guard;     /* madvise guard regions: Linux 6.13 and later */
extern const struct page_backend page_mprotect;  /* a mapping a block; any Linux; limited by vm.max_map_count */
extern const struct page_backend page_unguarded; /* the last resort, when neither can serve a block */

/* Whether touching the page at `address` faults; false if that cannot be found out. Signal-safe. */
bool page_faults(const void *address);

/* Returns a stretch to the state it had before prepare(), with its page tables given back. Not an error if it cannot be
 * done. */
void page_retire(void *address, size_t length);

/* Reserves inaccessible address space aligned to `alignment` (a power of two), or NULL. */
void *page_reserve(size_t length, size_t alignment);

#endif
