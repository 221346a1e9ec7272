/* SPDX-License-Identifier: MIT
 *
 * Whole leak checks, in a heap of the test's own. Where a block's address is kept is what each test
 * is about, so blocks are named by index, and addresses are computed in functions that have
 * returned when the check begins.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/sys.h"
#include "base/thread.h"
#include "fake_heap.h"
#include "leak/leak.h"
#include "leak/roots.h"
#include "unit.h"

#define BLOCKS 16

static struct leak_result result;
static unsigned kinds[BLOCKS];

/* Every block has a stack of its own, so each is a group and its kind can be read off. */
static void setup(void)
{
    fake_setup(4096, BLOCKS);
    for (uint32_t i = 0; i < BLOCKS; i++)
        fake.blocks[fake_new(64)].alloc_stack = 100 + i;
}

/* Overwrites what calls of the test have left below its frame, where the frames of the check will
 * have gaps. */
static NOINLINE void scrub_stack(void)
{
    volatile char stack[4096];
    for (size_t i = 0; i < sizeof(stack); i++)
        stack[i] = 0;
}

static NOINLINE void check_scrubbed(void)
{
    leak_check_heap(&result, &fake_heap);
    CU_ASSERT_FATAL(result.done);
    CU_ASSERT_PTR_NULL(result.failure);
    CU_ASSERT(fake_marks_clean());
    for (size_t i = 0; i < BLOCKS; i++)
        kinds[i] = 99;
    for (size_t i = 0; i < result.group_count; i++)
        kinds[result.groups[i].stack - 100] = result.groups[i].kind;
    leak_result_free(&result);
}

ALWAYS_INLINE void check(void)
{
    scrub_stack();
    check_scrubbed();
}

static void expect(size_t block, unsigned wanted)
{
    CU_ASSERT_EQUAL(kinds[block], wanted);
    if (kinds[block] != wanted)
        fprintf(stderr, "block %zu is of kind %u, not %u\n", block, kinds[block], wanted);
}

static NOINLINE void keep_at(void *place, size_t block)
{
    *(volatile uintptr_t *)place = fake_at(block);
}

static void *map_pages(size_t pages, int flags)
{
    return mmap(NULL, pages * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | flags, -1, 0);
}

static __thread uintptr_t in_tls;

TEST(test_memory, "memory")
{
    setup();
    char *private = map_pages(4, MAP_PRIVATE), *shared = map_pages(1, MAP_SHARED),
         *frozen = map_pages(1, MAP_PRIVATE);
    void *own = own_map(PAGE_SIZE);
    static uintptr_t in_our_data;
    keep_at(private + 8, 0);
    keep_at(private + 3 * PAGE_SIZE + 4088, 1);
    keep_at(shared, 2);
    keep_at(&in_tls, 3);
    keep_at(own, 4);
    keep_at(&in_our_data, 5);
    keep_at(frozen, 6);
    mprotect(frozen, PAGE_SIZE, PROT_READ);
    fake_link(7, 0, 8, 0);
    keep_at(fake.arena, 9); /* in the heap, and in no block */
    check();
    for (size_t i = 0; i <= 3; i++)
        expect(i, MMT_LEAK_REACHABLE);
    expect(4, MMT_LEAK_DEFINITE);
    expect(5, MMT_LEAK_DEFINITE);
    expect(6, MMT_LEAK_REACHABLE);
    expect(7, MMT_LEAK_DEFINITE);
    expect(8, MMT_LEAK_INDIRECT);
    expect(9, MMT_LEAK_DEFINITE);
    munmap(private, 4 * PAGE_SIZE);
    munmap(shared, PAGE_SIZE);
    munmap(frozen, PAGE_SIZE);
    own_unmap(own, PAGE_SIZE);
    in_tls = in_our_data = 0;
}

/* A mapping with holes that cannot be seen in the map: the file is too short, or guard pages lie in
 * it. */
TEST(test_holes, "mappings with holes")
{
    setup();
    char name[] = "/tmp/roots-test-XXXXXX";
    int fd = mkstemp(name);
    CU_ASSERT_FATAL(fd >= 0);
    unlink(name);
    CU_ASSERT_EQUAL(ftruncate(fd, 4 * PAGE_SIZE), 0);
    char *file = mmap(NULL, 4 * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    char *guarded = map_pages(3, MAP_PRIVATE);
    keep_at(file, 0);
    keep_at(file + 3 * PAGE_SIZE, 1);
    CU_ASSERT_EQUAL(ftruncate(fd, PAGE_SIZE), 0);
    keep_at(guarded, 2);
    keep_at(guarded + 2 * PAGE_SIZE, 3);
    madvise(guarded + PAGE_SIZE, PAGE_SIZE, MADV_GUARD_INSTALL);
    check();
    expect(0, MMT_LEAK_REACHABLE);
    expect(1, MMT_LEAK_DEFINITE);
    expect(2, MMT_LEAK_REACHABLE);
    expect(3, MMT_LEAK_REACHABLE);
    munmap(file, 4 * PAGE_SIZE);
    munmap(guarded, 3 * PAGE_SIZE);
    close(fd);
}

TEST(test_own_stack, "the checking thread's stack")
{
    setup();
    volatile uintptr_t local;
    keep_at((void *)&local, 0);
    check();
    CU_ASSERT_NOT_EQUAL(local, 0);
    expect(0, MMT_LEAK_REACHABLE);
    expect(1, MMT_LEAK_DEFINITE);
}

static void check_in_handler(int signal)
{
    (void)signal;
    volatile uintptr_t local;
    keep_at((void *)&local, 0);
    check();
    CU_ASSERT_NOT_EQUAL(local, 0);
}

/* The alternate stack lies in memory of ours. */
TEST(test_alternate_stack, "an alternate stack of ours")
{
    setup();
    stack_t before, stack = {.ss_size = 16 * PAGE_SIZE, .ss_sp = own_map(16 * PAGE_SIZE)};
    CU_ASSERT_EQUAL_FATAL(sigaltstack(&stack, &before), 0);
    struct sigaction action = {.sa_handler = check_in_handler, .sa_flags = SA_ONSTACK};
    CU_ASSERT_EQUAL(sigaction(SIGUSR2, &action, NULL), 0);
    raise(SIGUSR2);
    signal(SIGUSR2, SIG_DFL);
    sigaltstack(&before, NULL);
    own_unmap(stack.ss_sp, stack.ss_size);
    expect(0, MMT_LEAK_REACHABLE);
    expect(1, MMT_LEAK_DEFINITE);
}

/* ---- pages that hold something */

struct seen {
    uintptr_t base, last;
    bool page[64], good;
};

static void see(uintptr_t start, uintptr_t end, void *argument)
{
    struct seen *seen = argument;
    seen->good = seen->good && start >= seen->last && start < end &&
                 end <= seen->base + sizeof(seen->page) * PAGE_SIZE;
    for (seen->last = start; seen->good && seen->last < end; seen->last += PAGE_SIZE)
        seen->page[(seen->last - seen->base) / PAGE_SIZE] = true;
}

TEST(test_present, "present pages")
{
    char *pages = map_pages(64, MAP_PRIVATE);
    for (size_t i = 0; i < 64; i += i < 32 ? 2 : 7)
        pages[i * PAGE_SIZE] = 1;
    for (int way = 0; way < 3;
         way++) { /* as the kernel offers; by the entries; without any information */
        struct present present;
        struct seen seen = {.base = (uintptr_t)pages, .good = true};
        present_open(&present);
        if (way == 1)
            present.scan = false;
        if (way == 2)
            present_close(&present);
        present_each(&present, seen.base, seen.base + 64 * PAGE_SIZE, see, &seen);
        CU_ASSERT(seen.good);
        for (size_t i = 0; i < 64; i++) {
            bool touched = i < 32 ? i % 2 == 0 : (i - 32) % 7 == 0;
            CU_ASSERT(seen.page[i] == touched || (seen.page[i] && present.fd < 0));
        }
        present_close(&present);
    }
    munmap(pages, 64 * PAGE_SIZE);
}

/* ---- another thread */

static struct {
    _Atomic bool ready, quit;
    bool block_all;
    uintptr_t masked;
} other;

#define DISGUISE 0x5555000000000000u

/* Leaves an address far below the stack pointer it returns to. */
static NOINLINE void leave_remains(void)
{
    volatile uintptr_t deep[2048];
    for (size_t i = 0; i < ARRAY_LENGTH(deep) / 2; i++)
        deep[i] = fake_at(2);
}

static void *hold_blocks(void *argument)
{
    volatile uintptr_t local;
    sigset_t all;
    sigfillset(&all);
    if (other.block_all)
        pthread_sigmask(SIG_SETMASK, &all, NULL);
    leave_remains();
    keep_at((void *)&local, 0);
    keep_at(&in_tls, 3);
    /* One address is in a register and nowhere else, and one in half of a vector register. */
    __asm__ volatile("mov %[masked], %%rbx\n\t"
                     "movabs %[disguise], %%rcx\n\t"
                     "xor %%rcx, %%rbx\n\t"
                     "lea 4096(%%rbx), %%rcx\n\t"
                     "movq %%rcx, %%xmm7\n\t"
                     "pslldq $8, %%xmm7\n\t"
                     "xor %%ecx, %%ecx\n\t"
                     "xor %%eax, %%eax\n\t"
                     "xor %%edx, %%edx\n\t"
                     "xor %%esi, %%esi\n\t"
                     "xor %%edi, %%edi\n\t"
                     "xor %%r8d, %%r8d\n\t"
                     "xor %%r9d, %%r9d\n\t"
                     "xor %%r10d, %%r10d\n\t"
                     "xor %%r11d, %%r11d\n\t"
                     "movb $1, %[ready]\n\t"
                     "1: pause\n\t"
                     "cmpb $0, %[quit]\n\t"
                     "je 1b\n\t"
                     "xor %%ebx, %%ebx\n\t"
                     : [ready] "=m"(other.ready)
                     : [masked] "m"(other.masked), [quit] "m"(other.quit), [disguise] "i"(DISGUISE)
                     : "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "xmm7",
                       "memory", "cc");
    (void)local;
    return argument;
}

static void check_with_other(bool block_all)
{
    setup();
    atomic_store(&other.ready, false);
    atomic_store(&other.quit, false);
    other.block_all = block_all;
    other.masked = fake_at(4) ^ DISGUISE;
    pthread_t thread;
    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, hold_blocks, NULL), 0);
    while (!atomic_load(&other.ready))
        sched_yield();
    check();
    atomic_store(&other.quit, true);
    pthread_join(thread, NULL);
}

TEST(test_other_thread, "another thread")
{
    check_with_other(false);
    CU_ASSERT_EQUAL(result.threads, 1);
    CU_ASSERT_EQUAL(result.threads_unstopped, 0);
    expect(0, MMT_LEAK_REACHABLE); /* live part of its stack */
    expect(1, MMT_LEAK_DEFINITE);
    expect(2, MMT_LEAK_DEFINITE); /* remains of a call */
    expect(3, MMT_LEAK_REACHABLE); /* thread-local variable */
    expect(4, MMT_LEAK_REACHABLE); /* register */
    expect(5, MMT_LEAK_REACHABLE); /* vector register */
    expect(6, MMT_LEAK_DEFINITE);
}

/* What it holds in registers cannot be known; all its stack counts. */
TEST(test_unstopped_thread, "a thread that does not stop")
{
    check_with_other(true);
    CU_ASSERT_EQUAL(result.threads, 1);
    CU_ASSERT_EQUAL(result.threads_unstopped, 1);
    expect(0, MMT_LEAK_REACHABLE);
    expect(1, MMT_LEAK_DEFINITE);
    expect(2, MMT_LEAK_REACHABLE);
    expect(3, MMT_LEAK_REACHABLE);
}

/* A thread that ends with an address near the top of its stack, which glibc keeps: the address is
 * no root. What a thread that was not joined yet returns is one. */
static void *end_with_block(void *argument)
{
    volatile uintptr_t local;
    thread_self();
    keep_at((void *)&local, argument ? 0 : 1);
    in_tls = local;
    return argument ? NULL : (void *)fake_at(2);
}

TEST(test_ended_threads, "threads that have ended")
{
    setup();
    pthread_t joined, waiting;
    CU_ASSERT_EQUAL_FATAL(pthread_create(&joined, NULL, end_with_block, &other), 0);
    pthread_join(joined, NULL);
    CU_ASSERT_EQUAL_FATAL(pthread_create(&joined, NULL, end_with_block, &other), 0);
    CU_ASSERT_EQUAL_FATAL(pthread_create(&waiting, NULL, end_with_block, NULL), 0);
    pthread_join(joined, NULL);
    check();
    while (result.threads) /* it had not ended yet */
        check();
    expect(0, MMT_LEAK_DEFINITE);
    expect(1, MMT_LEAK_DEFINITE);
    expect(2, MMT_LEAK_REACHABLE);
    pthread_join(waiting, NULL);
}

/* ---- what is reported */

TEST(test_groups, "groups")
{
    fake_setup(4096, 64);
    for (int i = 0; i < 10; i++)
        fake_new(100);
    size_t small = fake_new(10), held = fake_new(1000), leader = fake_new(100);
    fake.blocks[small].alloc_stack = 7;
    fake.blocks[held].alloc_stack = 8;
    fake.blocks[leader].alloc_stack = 9;
    fake_link(leader, 0, held, 0);
    fake_link(leader, 1, small, 0);
    scrub_stack();
    leak_check_heap(&result, &fake_heap);
    CU_ASSERT_FATAL(result.done);
    CU_ASSERT_EQUAL_FATAL(result.group_count, 4);
    static const uint32_t stacks[] = {1, 8, 9, 7};
    for (size_t i = 0; i < 4; i++)
        CU_ASSERT_EQUAL(result.groups[i].stack, stacks[i]); /* bytes first, then the stack */
    CU_ASSERT_EQUAL(result.groups[0].blocks, 10);
    CU_ASSERT_EQUAL(result.groups[0].bytes, 1000);
    CU_ASSERT_EQUAL(result.groups[2].indirect_blocks, 2);
    CU_ASSERT_EQUAL(result.groups[2].indirect_bytes, 1010);
    CU_ASSERT_EQUAL(result.groups[2].address, fake_at(leader));
    CU_ASSERT_EQUAL(result.blocks[MMT_LEAK_DEFINITE], 11);
    CU_ASSERT_EQUAL(result.bytes[MMT_LEAK_DEFINITE], 1100);
    CU_ASSERT_EQUAL(result.blocks[MMT_LEAK_INDIRECT], 2);
    CU_ASSERT_EQUAL(result.bytes[MMT_LEAK_INDIRECT], 1010);
    leak_result_free(&result);
    CU_ASSERT_PTR_NULL(result.groups);
    leak_result_free(&result);
}

TEST(test_many_groups, "many groups")
{
    fake_setup(64, 20000);
    for (uint32_t i = 0; i < 20000; i++) {
        struct block *block = &fake.blocks[fake_new(8 + i % 40)];
        block->alloc_stack = i / 2;
        block->alloc_thread = 1 + i % 2;
    }
    leak_check_heap(&result, &fake_heap);
    CU_ASSERT_FATAL(result.done);
    CU_ASSERT_EQUAL(result.group_count, 20000);
    for (size_t i = 1; i < result.group_count; i++) {
        const struct leak_group *a = &result.groups[i - 1], *b = &result.groups[i];
        if (a->bytes < b->bytes ||
            (a->bytes == b->bytes &&
             (a->stack > b->stack || (a->stack == b->stack && a->thread >= b->thread))))
            CU_FAIL("not in order");
    }
    leak_result_free(&result);
}

static bool inherited_in_child(void)
{
    setup();
    thread_self();
    for (size_t i = 0; i < 3; i++)
        fake.blocks[i].alloc_thread = thread_self()->info->id;
    thread_after_fork();
    for (size_t i = 3; i < BLOCKS; i++)
        fake.blocks[i].alloc_thread = thread_self()->info->id;
    fake_link(0, 0, 3, 0); /* lost in the parent: leads to a block of the child */
    fake_link(4, 0, 1, 0); /* and the other way */
    scrub_stack();
    leak_check_heap(&result, &fake_heap);
    bool good =
        result.done && result.group_count == BLOCKS - 3 && result.blocks[MMT_LEAK_INDIRECT] == 1;
    for (size_t i = 0; i < result.group_count; i++)
        good = good && result.groups[i].stack >= 103 && !result.groups[i].indirect_blocks;
    return good;
}

TEST(test_inherited, "blocks inherited over fork")
{
    pid_t child = fork();
    if (child == 0)
        _exit(inherited_in_child() ? 0 : 1);
    int status = -1;
    CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
    CU_ASSERT_EQUAL(status, 0);
}

/* No descriptor can be had: the check fails, says why, and does no harm. */
TEST(test_no_descriptors, "no descriptors left")
{
    setup();
    struct rlimit {
        unsigned long now, most;
    } old, none;
    CU_ASSERT_EQUAL(sys_call4(SYS_prlimit64, 0, 7 /* RLIMIT_NOFILE */, 0, (long)&old), 0);
    none = (struct rlimit){0, old.most};
    sys_call4(SYS_prlimit64, 0, 7, (long)&none, 0);
    leak_check_heap(&result, &fake_heap);
    sys_call4(SYS_prlimit64, 0, 7, (long)&old, 0);
    CU_ASSERT_FALSE(result.done);
    CU_ASSERT_PTR_NOT_NULL(result.failure);
    CU_ASSERT(fake_marks_clean());
    leak_result_free(&result);
    check();
}

static int set_up(void)
{
    return fake_faults_on() || leak_init(0);
}

SUITE("roots", set_up, fake_faults_off);
