/* SPDX-License-Identifier: MIT
 *
 * The depot has a word for each node, which leads to the node's counters if it is a site. Counters lie in pages of PER_PAGE; both page and
 * counters are taken under a lock, once for each site.
 *
 * A signal handler or another thread between the addition and the look at the sum can make a peak a little too low.
 */
#include "stack/sites.h"

#include <stdatomic.h>

#include "base/bits.h"
#include "base/lock.h"
#include "base/own_memory.h"
#include "base/single.h"
#include "base/thread.h"
#include "stack/depot.h"

#define PER_PAGE 2048
#define PAGES    8192

static struct {
    struct site *pages[PAGES];
    _Atomic uint32_t count;
} sites;

static struct site *site_numbered(uint32_t number)
{
    return &sites.pages[number / PER_PAGE][number % PER_PAGE];
}

static NOINLINE struct site *site_new(uint32_t stack, _Atomic uint32_t *place)
{
    uint64_t mask = lock_enter(LOCK_DEPOT);
    uint32_t number = atomic_load(place), count = atomic_load(&sites.count);
    struct site *site = number ? site_numbered(number - 1) : NULL;
    if (!site && count < PAGES * PER_PAGE) {
        struct site **page = &sites.pages[count / PER_PAGE];
        if (!*page)
            *page = own_map(PER_PAGE * sizeof(struct site));
        if (*page) {
            site = site_numbered(count);
            site->stack = stack;
            atomic_store_explicit(place, count + 1, memory_order_release);
            atomic_store_explicit(&sites.count, count + 1, memory_order_release);
        }
    }
    lock_leave(LOCK_DEPOT, mask);
    return site;
}

static inline struct site *site_of(uint32_t stack)
{
    _Atomic uint32_t *place = depot_site(stack);
    if (unlikely(!place))
        return NULL;
    uint32_t number = atomic_load_explicit(place, memory_order_acquire);
    return likely(number) ? site_numbered(number - 1) : site_new(stack, place);
}

void sites_allocated(struct thread *self, uint32_t stack, uintptr_t address, uint64_t size)
{
    struct site *site = site_of(stack);
    self->last_block = address;
    if (unlikely(!site))
        return;
    single_add(&site->allocations, 1);
    uint64_t live =
        single_add_get(&site->bytes, size) - __atomic_load_n(&site->freed_bytes, __ATOMIC_RELAXED);
    if ((int64_t)(live - __atomic_load_n(&site->peak_bytes, __ATOMIC_RELAXED)) > 0)
        __atomic_store_n(&site->peak_bytes, live, __ATOMIC_RELAXED);
}

void sites_freed(const struct thread *self, uint32_t stack, uintptr_t address, uint64_t size)
{
    struct site *site = site_of(stack);
    if (unlikely(!site))
        return;
    single_add(&site->frees, 1);
    single_add(&site->freed_bytes, size);
    if (self->last_block == address)
        single_add(&site->freed_next, 1);
}

struct site sites_get(uint32_t number)
{
    return *site_numbered(number);
}

uint32_t sites_count(void)
{
    return atomic_load_explicit(&sites.count, memory_order_acquire);
}
