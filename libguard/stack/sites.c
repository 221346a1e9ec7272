/* SPDX-License-Identifier: MIT
 *
 * The depot has a word for each node, which leads to the node's counters if it is a site. Counters
 * lie in pages of PER_PAGE; both page and counters are taken under a lock, once for each site.
 *
 * A signal handler or another thread between the addition and the look at the sum can make a peak a
 * little too low.
 *
 * A fork would have to copy all counters to tell the child's from the parent's; instead a site
 * keeps what it had when the child first allocates there.
 */
#include "stack/sites.h"

#include <stdatomic.h>

#include "base/bits.h"
#include "base/lock.h"
#include "base/moment.h"
#include "base/own_memory.h"
#include "base/single.h"
#include "base/thread.h"
#include "stack/depot.h"

#define PER_PAGE 2048
#define PAGES    8192

struct counted_site {
    struct site site;
    _Atomic uint32_t generation; /* forks before the process it was last used in */
    struct site inherited; /* counters before that process's own */
};

static struct {
    struct counted_site *pages[PAGES];
    _Atomic uint32_t count;
    uint32_t generation;
} sites;

static struct counted_site *site_numbered(uint32_t number)
{
    return &sites.pages[number / PER_PAGE][number % PER_PAGE];
}

static NOINLINE struct counted_site *site_new(uint32_t stack, _Atomic uint32_t *place)
{
    uint64_t mask = lock_enter(LOCK_DEPOT);
    uint32_t number = atomic_load(place), count = atomic_load(&sites.count);
    struct counted_site *site = number ? site_numbered(number - 1) : NULL;
    if (!site && count < PAGES * PER_PAGE) {
        struct counted_site **page = &sites.pages[count / PER_PAGE];
        if (!*page)
            *page = own_map(PER_PAGE * sizeof(struct counted_site));
        if (*page) {
            site = site_numbered(count);
            site->site.stack = stack;
            site->site.first_time = moment_now();
            atomic_store_explicit(&site->generation, sites.generation, memory_order_relaxed);
            atomic_store_explicit(place, count + 1, memory_order_release);
            atomic_store_explicit(&sites.count, count + 1, memory_order_release);
        }
    }
    lock_leave(LOCK_DEPOT, mask);
    return site;
}

static inline struct counted_site *site_of(uint32_t stack)
{
    struct depot_notes *notes = depot_notes(stack);
    if (unlikely(!notes))
        return NULL;
    uint32_t number = atomic_load_explicit(&notes->site, memory_order_acquire);
    return likely(number) ? site_numbered(number - 1) : site_new(stack, &notes->site);
}

/* The first allocation there in a forked process. Of several threads one does it, the others' first
 * may be counted with what is inherited. */
static NOINLINE void site_inherit(struct counted_site *site)
{
    uint32_t old = atomic_load(&site->generation);
    if (old == sites.generation ||
        !atomic_compare_exchange_strong(&site->generation, &old, sites.generation))
        return;
    site->inherited = site->site;
    site->site.peak_bytes = site->site.bytes - site->site.freed_bytes;
    site->site.first_time = moment_now();
}

HOT void sites_allocated(struct thread *self, uint32_t stack, uintptr_t address, uint64_t size)
{
    struct counted_site *counted = site_of(stack);
    self->last_block = address;
    if (unlikely(!counted))
        return;
    if (unlikely(atomic_load_explicit(&counted->generation, memory_order_relaxed) !=
                 sites.generation))
        site_inherit(counted);
    struct site *site = &counted->site;
    single_add(&site->allocations, 1);
    __atomic_store_n(&site->last_time, moment_now(), __ATOMIC_RELAXED);
    uint64_t live =
        single_add_get(&site->bytes, size) - __atomic_load_n(&site->freed_bytes, __ATOMIC_RELAXED);
    if ((int64_t)(live - __atomic_load_n(&site->peak_bytes, __ATOMIC_RELAXED)) > 0)
        __atomic_store_n(&site->peak_bytes, live, __ATOMIC_RELAXED);
}

HOT void sites_freed(const struct thread *self, uint32_t stack, uintptr_t address, uint64_t size)
{
    struct counted_site *counted = site_of(stack);
    if (unlikely(!counted))
        return;
    struct site *site = &counted->site;
    single_add(&site->frees, 1);
    single_add(&site->freed_bytes, size);
    if (self->last_block == address)
        single_add(&site->freed_next, 1);
}

void sites_after_fork(void)
{
    sites.generation++;
}

bool sites_get(uint32_t number, struct site *site)
{
    const struct counted_site *counted = site_numbered(number);
    bool own = atomic_load(&counted->generation) == sites.generation;
    *site = counted->site;
    site->allocations -= counted->inherited.allocations;
    site->bytes -= counted->inherited.bytes;
    site->frees -= counted->inherited.frees;
    site->freed_bytes -= counted->inherited.freed_bytes;
    site->freed_next -= counted->inherited.freed_next;
    return own;
}

uint32_t sites_count(void)
{
    return atomic_load_explicit(&sites.count, memory_order_acquire);
}
