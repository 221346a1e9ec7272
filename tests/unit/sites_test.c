/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/moment.h"
#include "base/thread.h"
#include "mmtrace.h"
#include "stack/depot.h"
#include "stack/sites.h"
#include "trace/state.h"
#include "unit.h"

SUITE("sites", NULL, NULL);

#define NOWHERE 0x50000000u
#define THREADS 4
#define ROUNDS  20000

static uint32_t stack_numbered(unsigned n)
{
    struct depot_frame frames[] = {{NOWHERE + n, 0}, {NOWHERE, 0}};
    return depot_put(frames, 2);
}

static struct site site_of(uint32_t stack)
{
    struct site site;
    for (uint32_t i = 0; i < sites_count(); i++)
        if (sites_get(i, &site) && site.stack == stack)
            return site;
    return (struct site){0};
}

TEST(counts, "allocations and frees are counted")
{
    struct thread *self = thread_self();
    uint32_t stack = stack_numbered(1), other = stack_numbered(2), before = sites_count();
    sites_allocated(self, stack, 4096, 100);
    sites_allocated(self, stack, 8192, 50);
    sites_freed(self, stack, 8192, 50); /* the last one */
    sites_allocated(self, other, 12288, 7);
    sites_freed(self, stack, 4096, 100);
    sites_allocated(self, stack, 16384, 10);
    CU_ASSERT_EQUAL(sites_count(), before + 2);
    struct site site = site_of(stack);
    CU_ASSERT_EQUAL(site.allocations, 3);
    CU_ASSERT_EQUAL(site.bytes, 160);
    CU_ASSERT_EQUAL(site.frees, 2);
    CU_ASSERT_EQUAL(site.freed_bytes, 150);
    CU_ASSERT_EQUAL(site.peak_bytes, 150);
    CU_ASSERT_EQUAL(site.freed_next, 1);
    CU_ASSERT_EQUAL(site_of(other).peak_bytes, 7);
    uint64_t large = (uint64_t)1 << 40;
    sites_allocated(self, other, 24576, large);
    sites_freed(self, other, 24576, large);
    CU_ASSERT_EQUAL(site_of(other).bytes, large + 7);
    CU_ASSERT_EQUAL(site_of(other).freed_bytes, large);
    sites_allocated(self, 0, 20480, 1);
    sites_freed(self, 0, 20480, 1);
    CU_ASSERT_EQUAL(sites_count(), before + 2);
}

/* What was counted before a fork is the parent's. */
TEST(child_counts_its_own, "a forked process counts its own")
{
    struct thread *self = thread_self();
    uint32_t stack = stack_numbered(3), untouched = stack_numbered(4);
    sites_allocated(self, stack, 4096, 100);
    sites_allocated(self, stack, 8192, 100);
    sites_freed(self, stack, 8192, 100);
    sites_allocated(self, untouched, 12288, 5);
    sites_after_fork();
    CU_ASSERT_EQUAL(site_of(stack).allocations, 0);
    CU_ASSERT_EQUAL(site_of(stack).peak_bytes, 0);
    sites_freed(self, stack, 4096, 100);
    sites_allocated(self, stack, 16384, 30);
    sites_freed(self, stack, 16384, 30);
    sites_allocated(self, stack, 20480, 20);
    struct site site = site_of(stack);
    CU_ASSERT_EQUAL(site.allocations, 2);
    CU_ASSERT_EQUAL(site.bytes, 50);
    CU_ASSERT_EQUAL(site.frees, 1);
    CU_ASSERT_EQUAL(site.freed_next, 1);
    CU_ASSERT_EQUAL(site.peak_bytes, 30);
    CU_ASSERT_EQUAL(site_of(untouched).allocations, 0);
}

TEST(times_of_allocations, "first and last allocations have times")
{
    struct timespec before, after;
    uint32_t stack = stack_numbered(5);
    moment_start();
    if (!moment_now())
        return; /* a kernel without a vdso */
    clock_gettime(CLOCK_REALTIME_COARSE, &before);
    sites_allocated(thread_self(), stack, 4096, 1);
    sites_allocated(thread_self(), stack, 8192, 1);
    clock_gettime(CLOCK_REALTIME_COARSE, &after);
    struct site site = site_of(stack);
    CU_ASSERT_TRUE(site.first_time >=
                   (uint64_t)before.tv_sec * 1000000000u + (uint64_t)before.tv_nsec);
    CU_ASSERT_TRUE(site.last_time >= site.first_time);
    CU_ASSERT_TRUE(site.last_time <=
                   (uint64_t)after.tv_sec * 1000000000u + (uint64_t)after.tv_nsec);
}

static void *count_in_thread(void *unused)
{
    struct thread *self = thread_self();
    (void)unused;
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint32_t stack = stack_numbered(10 + i % 100);
        sites_allocated(self, stack, 4096, 3);
        if (i % 2)
            sites_freed(self, stack, 4096, 3);
    }
    return NULL;
}

TEST(threads_count_together, "threads count together")
{
    pthread_t threads[THREADS];
    uint64_t allocations = 0, bytes = 0, frees = 0;
    for (int i = 0; i < THREADS; i++)
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, count_in_thread, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (unsigned i = 0; i < 100; i++) {
        struct site site = site_of(stack_numbered(10 + i));
        allocations += site.allocations;
        bytes += site.bytes;
        frees += site.frees;
    }
    CU_ASSERT_EQUAL(allocations, THREADS * ROUNDS);
    CU_ASSERT_EQUAL(bytes, 3 * THREADS * ROUNDS);
    CU_ASSERT_EQUAL(frees, THREADS * ROUNDS / 2);
}

/* A forked child's own, of which there are as many as it allocated at; their stacks get new ids. */
TEST(written_to_the_trace, "counters are written to the trace")
{
    struct trace_writer *writer = malloc(sizeof(*writer));
    struct selection selection;
    struct site site;
    int fd = memfd_create("trace", 0);
    sites_after_fork();
    sites_allocated(thread_self(), stack_numbered(6), 4096, 70);
    sites_allocated(thread_self(), stack_numbered(7), 8192, 1);
    site = site_of(stack_numbered(6));
    selection_begin(&selection);
    trace_name_sites(&selection, sites_count());
    selection_number(&selection);
    trace_start(writer, fd);
    trace_put_sites(writer, &selection, sites_count());
    CU_ASSERT_EQUAL(trace_finish(writer), 0);
    CU_ASSERT_EQUAL(selection.stacks.count, 3); /* both have one caller */
    CU_ASSERT_EQUAL(selection_stack(&selection, site.stack), 2);
    selection_end(&selection);
    struct {
        struct mmt_header header;
        struct mmt_record record;
        struct mmt_sites head;
        struct mmt_site first;
    } __attribute__((packed)) trace;
    CU_ASSERT_EQUAL_FATAL(pread(fd, &trace, sizeof(trace), 0), (ssize_t)sizeof(trace));
    CU_ASSERT_EQUAL(trace.record.type, MMT_SITES);
    CU_ASSERT_EQUAL(trace.head.count, 2);
    CU_ASSERT_EQUAL(trace.record.length, sizeof(struct mmt_sites) + 2 * sizeof(struct mmt_site));
    CU_ASSERT_EQUAL(trace.first.stack, 2);
    CU_ASSERT_EQUAL(trace.first.bytes, 70);
    close(fd);
    free(writer);
}
