/* SPDX-License-Identifier: MIT
 *
 * The contract of the backends, each in a process of its own. One that this kernel does not support
 * is skipped.
 */
#include <errno.h>
#include <string.h>

#include "base/bits.h"
#include "in_child.h"
#include "page/backend.h"
#include "page/page_move.h"
#include "unit.h"

SUITE("page/backend", NULL, NULL);

#define LENGTH ((size_t)4 << 20)

static char *reservation;

static char *page(size_t index)
{
    return reservation + index * PAGE_SIZE;
}

/* Whether the pages [from, to) are all inaccessible, or all accessible. */
static bool all_fault(size_t from, size_t to)
{
    while (from < to && page_faults(page(from)))
        from++;
    return from == to;
}

static bool none_faults(size_t from, size_t to)
{
    while (from < to && !page_faults(page(from)))
        from++;
    return from == to;
}

static bool all_equal(size_t from, size_t to, char value)
{
    for (char *at = page(from); at < page(to); at++)
        if (*at != value)
            return false;
    return true;
}

static bool start(const struct page_backend *backend)
{
    if (backend->probe())
        return false;
    reservation = page_reserve(LENGTH, LENGTH);
    REQUIRE(reservation && (uintptr_t)reservation % LENGTH == 0);
    REQUIRE(!backend->attach || backend->attach(reservation, LENGTH) == 0);
    REQUIRE(backend->prepare(reservation, LENGTH) == 0);
    return true;
}

static int commit_and_revoke(const void *argument)
{
    const struct page_backend *backend = argument;
    if (!start(backend))
        return IN_CHILD_SKIPPED;
    REQUIRE(all_fault(0, 32));
    REQUIRE(backend->commit(page(4), 3 * PAGE_SIZE) == 0);
    REQUIRE(all_fault(0, 4) && none_faults(4, 7) && all_fault(7, 32));
    REQUIRE(all_equal(4, 7, 0));
    memset(page(4), 'x', 3 * PAGE_SIZE);
    REQUIRE(backend->commit(page(8), PAGE_SIZE) == 0 && all_equal(8, 9, 0));
    REQUIRE(backend->revoke(page(4), 3 * PAGE_SIZE) == 0);
    REQUIRE(all_fault(0, 8) && none_faults(8, 9));
    REQUIRE(backend->commit(page(12), PAGE_SIZE) == 0 && backend->commit(page(14), PAGE_SIZE) == 0);
    memset(page(12), 'x', PAGE_SIZE);
    memset(page(14), 'y', PAGE_SIZE);
    if (backend->revoke_many) {
        struct iovec ranges[] = {{page(12), PAGE_SIZE}, {page(8), PAGE_SIZE}};
        REQUIRE(backend->revoke_many(ranges, 2) == 0);
        REQUIRE(all_fault(0, 14) && all_equal(14, 15, 'y'));
    }
    REQUIRE(backend->revoke(page(14), PAGE_SIZE) == 0);
    backend->retire(reservation, LENGTH);
    REQUIRE(all_fault(0, backend->revoke_many ? LENGTH / PAGE_SIZE : 8));
    return 0;
}

static int move_pages(const void *argument)
{
    const struct page_backend *backend = argument;
    if (!start(backend) || !backend->moves)
        return IN_CHILD_SKIPPED;
    REQUIRE(backend->commit(page(2), 2 * PAGE_SIZE) == 0);
    memset(page(2), 'm', 2 * PAGE_SIZE);
    REQUIRE(page_move_pages((uintptr_t)page(2), (uintptr_t)page(20), 2 * PAGE_SIZE) == 0);
    REQUIRE(all_fault(0, 20) && none_faults(20, 22) && all_fault(22, 32));
    REQUIRE(all_equal(20, 22, 'm'));
    return 0;
}

static int open_pages(const void *argument)
{
    const struct page_backend *backend = argument;
    if (!start(backend))
        return IN_CHILD_SKIPPED;
    REQUIRE(page_open(backend, page(3), true) == 0); /* never committed */
    REQUIRE(all_fault(0, 3) && all_equal(3, 4, 0) && all_fault(4, 8));
    *page(3) = 1;
    REQUIRE(backend->commit(page(5), PAGE_SIZE) == 0);
    memset(page(5), 'x', PAGE_SIZE);
    REQUIRE(page_open(backend, page(5), true) == 0 && *page(5) == 'x'); /* accessible already */
    REQUIRE(backend->revoke(page(5), PAGE_SIZE) == 0 && all_fault(4, 8));
    REQUIRE(page_open(backend, page(5), true) == 0 && all_equal(5, 6, 0));
    backend->retire(page(512), LENGTH / 2);
    REQUIRE(page_open(backend, page(600), true) == 0 && all_equal(600, 601, 0));
    return 0;
}

static int go_on_in_child(const void *argument)
{
    const struct page_backend *backend = argument;
    REQUIRE(!backend->after_fork || backend->after_fork() == 0);
    REQUIRE(all_equal(4, 5, 'p') && all_fault(5, 7));
    REQUIRE(backend->revoke(page(4), PAGE_SIZE) == 0 && all_fault(0, 8));
    REQUIRE(backend->commit(page(9), PAGE_SIZE) == 0);
    REQUIRE(all_equal(9, 10, 0) && all_fault(10, 12));
    return 0;
}

static int fork_with_pages(const void *argument)
{
    const struct page_backend *backend = argument;
    if (!start(backend))
        return IN_CHILD_SKIPPED;
    REQUIRE(backend->commit(page(4), 2 * PAGE_SIZE) == 0);
    memset(page(4), 'p', 2 * PAGE_SIZE);
    REQUIRE(backend->revoke(page(5), PAGE_SIZE) == 0);
    REQUIRE(in_child(go_on_in_child, backend) == 0);
    REQUIRE(all_equal(4, 5, 'p') && all_fault(5, 16));
    return 0;
}

static int without_guards(const void *argument)
{
    const struct page_backend *backend = argument;
    REQUIRE(start(backend) && !backend->guards);
    REQUIRE(backend->commit(page(4), PAGE_SIZE) == 0);
    memset(page(4), 'x', PAGE_SIZE);
    REQUIRE(backend->revoke(page(4), PAGE_SIZE) == 0);
    REQUIRE(none_faults(0, 8) && all_equal(4, 5, 0));
    return 0;
}

static void each_backend(int (*test)(const void *backend))
{
    assert_in_child(test, &page_move);
    assert_in_child(test, &page_guard);
    assert_in_child(test, &page_mprotect);
}

TEST(committing, "commit, revoke, retire")
{
    each_backend(commit_and_revoke);
}

TEST(moving, "move")
{
    each_backend(move_pages);
}

TEST(opening, "open")
{
    each_backend(open_pages);
}

TEST(forking, "fork")
{
    each_backend(fork_with_pages);
}

TEST(unguarded, "no guards")
{
    assert_in_child(without_guards, &page_unguarded);
}

/* One of them works everywhere. */
static int probe(const void *argument)
{
    return ((const struct page_backend *)argument)->probe() != 0;
}

TEST(probing, "probe")
{
    CU_ASSERT_EQUAL(in_child(probe, &page_mprotect), 0);
    CU_ASSERT_EQUAL(in_child(probe, &page_unguarded), 0);
    int local = 0;
    CU_ASSERT_FALSE(page_faults(&local));
    CU_ASSERT_TRUE(page_faults((void *)8));
}
